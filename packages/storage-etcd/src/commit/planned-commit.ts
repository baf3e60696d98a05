import type { CommitTerms, EncodedChange, EncodedPut } from '@gati-framework/storage-kit';

/** A put whose text is in etcd already: only what is said of it is held. */
export interface WrittenPut extends Omit<EncodedPut, 'text'> {
  readonly text?: undefined;
  /** Of the text, in UTF-16 code units. */
  readonly size: number;
  /** How many keys it takes. */
  readonly pieces: number;
}

export type PlannedChange = EncodedChange | WrittenPut;

/** A commit before it is decided what becomes of it. Texts are numbered as they come, those that are written already, too. */
export interface PlannedCommit extends CommitTerms {
  readonly changes: readonly PlannedChange[];
}
