import type { Change, Expectation } from '@gati-framework/manifest-store';
import type { RecordDifference } from '@gati-framework/storage-tools/diff';

/** What is to be stored, in one commit. */
export interface WritePlan {
  readonly changes: readonly Change[];
  readonly expect: readonly Expectation[];
  /** What the changes change, or would if they were allowed; where that is not known, it is looked up. */
  readonly differences?: readonly RecordDifference[];
}
