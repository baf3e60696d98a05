import type { RecordKind } from '@gati-framework/manifest-store';
import type { KeyTuple } from '@gati-framework/manifest-store/backend';

/** Something that is wrong with a store. */
export interface StoreProblem {
  readonly code: /** A record whose text is not what was stored. */
    | 'damaged'
    /** A record that is whole, and holds what this runtime cannot represent. */
    | 'unsupported'
    /** A field is absent, or not of the type that it should be. */
    | 'wrong-type'
    /** A record refers to one that is not there. */
    | 'missing'
    /** Two records that should agree do not. */
    | 'disagreement';
  readonly kind: RecordKind;
  /** The fields of the key, in order. */
  readonly key: KeyTuple;
  /** Where in the record, e.g. `gtypes.request`; `''` for the record as a whole. */
  readonly path: string;
  /** What is wrong, and what to do, in two sentences. */
  readonly message: string;
}
