import type { Revision } from '@gati-framework/manifest-store';
import type { HistoryProblem, StoreProblem } from '@gati-framework/storage-tools/verify';
import type { Answer, RecordName, Text } from './common.js';

/** Something that is wrong with the store: with a record, or with the past. */
export interface ProblemView {
  readonly code: StoreProblem['code'] | HistoryProblem['code'];
  /** What is wrong, and what to do, in two sentences. */
  readonly message: Text;
  /** Which record. */
  readonly record?: RecordName;
  /** Where in the record, e.g. `gtypes.request`; absent for the record as a whole. */
  readonly path?: Text;
  /** Of the past: the commit where it shows. */
  readonly revision?: Revision;
}

/** What `gati-storage verify` says. */
export interface Verified extends Answer {
  /** How many records were read, those among them that cannot be read. */
  readonly records: number;
  /** How many commits were read; absent where the store keeps no past. */
  readonly commits?: number;
  readonly problemCount: number;
  /** The first of them, {@link Limits.page} at most: those of records, and then those of the past. */
  readonly problems: readonly ProblemView[];
}
