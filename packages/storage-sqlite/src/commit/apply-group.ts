import type { StorageMessage } from '@gati-framework/manifest-store';
import type { CommitOutcome, EncodedChange, EncodedCommit } from '@gati-framework/storage-kit';
import type { Connection } from '../connections/connection.js';
import type { LogEntry } from '../log/commit-log.js';
import { copyHead, type StoreHead } from '../sql/store-head.js';
import { applyCommits } from './apply-commits.js';
import type { HistoryBounds } from './history-bounds.js';
import type { Steps } from './steps.js';
import { trimTold } from './told-trim.js';
import type { Added } from './trim-history.js';

/** What became of a group of commits, inside their transaction. */
export interface AppliedGroup {
  readonly outcomes: readonly CommitOutcome[];
  /** Those that changed something. */
  readonly entries: readonly LogEntry[];
  readonly head: StoreHead;
  readonly bounds: HistoryBounds;
}

/**
 * Applies a group inside the caller's transaction, and forgets what the history
 * has to, by then. The connection knows nothing of it before it is committed.
 *
 * @param mayForget Whether nobody reads what would be forgotten.
 * @param store As messages name it.
 */
export function* applyGroup(
  connection: Connection,
  commits: readonly EncodedCommit[],
  mayForget: boolean,
  store: Pick<StorageMessage, 'backend' | 'store'>,
): Steps<AppliedGroup> {
  const { statements } = connection;
  const head = copyHead(connection.head);
  const entries: LogEntry[] = [];
  const outcomes = yield* applyCommits(statements, head, commits, entries);
  let { bounds } = connection;
  if (entries.length > 0) {
    bounds = yield* trimTold(store, statements, bounds, head.nextChange, addedBy(entries), mayForget);
  }
  return { outcomes, entries, head, bounds };
}

function addedBy(entries: readonly LogEntry[]): Added {
  let [added, text] = [0, 0];
  for (const { changes } of entries) {
    added += changes.length;
    for (const change of changes) text += textLength(change);
  }
  return { changes: added, text };
}

export function textLength(change: EncodedChange): number {
  return change.op === 'put' ? change.text.length : 0;
}
