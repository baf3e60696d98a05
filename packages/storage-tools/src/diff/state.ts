import type { RecordKeys, RecordKind, RecordTypes } from '@gati-framework/manifest-store';

/** A record and its key. */
export type StateRecord = {
  [K in RecordKind]: { readonly kind: K; readonly key: RecordKeys[K]; readonly value: RecordTypes[K] };
}[RecordKind];

/** Records that can be read several times: a storage, or what an archive holds. */
export interface State {
  /** Each record once, in any order. */
  entries(filter?: { readonly kinds?: readonly RecordKind[] }): AsyncIterable<StateRecord>;
}
