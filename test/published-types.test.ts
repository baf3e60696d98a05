import type * as ours from '@gati-framework/runtime';
import type * as published from 'gati-runtime-published';
import { expectTypeOf, test } from 'vitest';

/** Each may be given where the other is wanted. */
type MutuallyAssignable<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

test('the record types and the contract are those of the published runtime', () => {
  expectTypeOf<MutuallyAssignable<ours.HandlerManifest, published.HandlerManifest>>().toEqualTypeOf<true>();
  expectTypeOf<MutuallyAssignable<ours.HookManifest, published.HookManifest>>().toEqualTypeOf<true>();
  expectTypeOf<MutuallyAssignable<ours.HookDefinition, published.HookDefinition>>().toEqualTypeOf<true>();
  expectTypeOf<MutuallyAssignable<ours.ManifestGType, published.ManifestGType>>().toEqualTypeOf<true>();
  expectTypeOf<
    MutuallyAssignable<ours.ManifestGTypeKind, published.ManifestGTypeKind>
  >().toEqualTypeOf<true>();
  expectTypeOf<MutuallyAssignable<ours.GTypeProperty, published.GTypeProperty>>().toEqualTypeOf<true>();
  expectTypeOf<
    MutuallyAssignable<ours.ManifestPrimitiveType, published.ManifestPrimitiveType>
  >().toEqualTypeOf<true>();
  expectTypeOf<
    MutuallyAssignable<ours.ManifestValidator, published.ManifestValidator>
  >().toEqualTypeOf<true>();
  expectTypeOf<
    MutuallyAssignable<ours.ManifestValidatorType, published.ManifestValidatorType>
  >().toEqualTypeOf<true>();
  expectTypeOf<MutuallyAssignable<ours.Transformer, published.Transformer>>().toEqualTypeOf<true>();
  expectTypeOf<MutuallyAssignable<ours.VersionGraph, published.VersionGraph>>().toEqualTypeOf<true>();
  expectTypeOf<MutuallyAssignable<ours.VersionNode, published.VersionNode>>().toEqualTypeOf<true>();
  expectTypeOf<
    MutuallyAssignable<ours.TimescapeMetadata, published.TimescapeMetadata>
  >().toEqualTypeOf<true>();
  expectTypeOf<MutuallyAssignable<ours.StorageContract, published.StorageContract>>().toEqualTypeOf<true>();
  expectTypeOf<MutuallyAssignable<ours.StorageStats, published.StorageStats>>().toEqualTypeOf<true>();
  expectTypeOf<MutuallyAssignable<ours.ManifestStore, published.ManifestStore>>().toEqualTypeOf<true>();
});

test('a type that differs is noticed', () => {
  expectTypeOf<MutuallyAssignable<{ a: string }, { a: string; b?: number }>>().toEqualTypeOf<true>();
  expectTypeOf<MutuallyAssignable<ours.VersionNode, ours.HookManifest>>().toEqualTypeOf<false>();
});
