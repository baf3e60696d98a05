import {
  type CompareOptions,
  type Difference,
  HandlerComparer,
  type TypeUniverse,
  type Verdict,
} from '@gati-framework/api-import';
import type { HandlerManifest } from '@gati-framework/manifest-store';
import type { State } from '../diff/state.js';
import { typesReached } from './types-reached.js';

/** A version of a handler, and where its types are. */
export interface VersionIn {
  readonly manifest: HandlerManifest;
  readonly state: State;
}

/** What becomes of callers of one version who meet another. */
export interface ComparedVersions {
  /** The worst verdict of the differences. */
  readonly verdict: Verdict;
  /** Breaking ones first, then those of which it cannot be told; none where callers cannot notice anything. */
  readonly differences: readonly Difference[];
}

/** Compares two versions of a handler, or of two, with all types that they reach. */
export async function compareVersions(
  before: VersionIn,
  after: VersionIn,
  options: CompareOptions = {},
): Promise<ComparedVersions> {
  const types = [await typesOf(before), await typesOf(after)] as const;
  return compareManifests(new HandlerComparer(...types, options), types, before.manifest, after.manifest);
}

async function typesOf({ manifest, state }: VersionIn): Promise<TypeUniverse> {
  return await typesReached(state, Object.values(manifest.gtypes));
}

export function compareManifests(
  comparer: HandlerComparer,
  [older, newer]: readonly [TypeUniverse, TypeUniverse],
  before: HandlerManifest,
  after: HandlerManifest,
): ComparedVersions {
  if (textOf(before, older) === textOf(after, newer)) return { verdict: 'compatible', differences: [] };
  const differences = comparer.compare(before, after);
  // They come in the order of their verdicts.
  return { verdict: differences[0]?.verdict ?? 'compatible', differences };
}

/** Two of the same text say the same to callers. */
function textOf({ method, path, gtypes, policies }: HandlerManifest, types: TypeUniverse): string {
  const reached = [...types.reachable(Object.values(gtypes))].sort().map((ref) => [ref, types.digest(ref)]);
  const parts = Object.entries(gtypes).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([[method].flat(), path, parts, reached, policies.roles, policies.rateLimit]);
}
