import type { GTypeKind, PrimitiveType, Revision } from '@gati-framework/manifest-store';
import type { Answer, AsOf, JsonText, Text } from './common.js';

/** A type, or a place in one. */
export interface TypeView {
  readonly ref: Text;
  readonly kind: GTypeKind;
  /**
   * `stored`: it is a record of its own, and this is what that holds; `inline`: it stands in the type around it; `reference`: it
   * is a record of its own and not expanded here, because it is already on the way to this place or there was no more room: ask
   * for it by its ref; `missing`: no such record is stored.
   */
  readonly is: 'stored' | 'inline' | 'reference' | 'missing';
  readonly primitive?: PrimitiveType;
  readonly description?: Text;
  /** Of an object, in their order. */
  readonly properties?: readonly PropertyView[];
  /** Of an array. */
  readonly items?: TypeView;
  /** Of a union or intersection. */
  readonly types?: readonly TypeView[];
  readonly validators?: readonly { readonly type: Text; readonly value: JsonText; readonly message?: Text }[];
  /** Properties, alternatives or validators that there was no room for. */
  readonly more?: number;
}

export interface PropertyView {
  readonly name: Text;
  readonly optional: boolean;
  readonly description?: Text;
  readonly type: TypeView;
}

export interface TypeQuery extends AsOf {
  readonly ref: string;
}

/** A type, expanded as far as {@link LIMITS.typeNodes} allows. */
export interface TypeAnswer extends Answer {
  readonly type: TypeView;
  readonly json: JsonText;
  readonly storedAt: Revision;
  /** How many types name it, and how many versions of handlers reach it. */
  readonly usedByTypes: number;
  readonly usedByVersions: number;
}
