import type { Revision, StorageChange, StorageEvent } from '@gati-framework/manifest-store';
import { deletionOf, putOf, TimeSlice } from '@gati-framework/manifest-store/backend';
import type { LoggedChange, LoggedCommit } from '../record-driver.js';
import { noteOf } from '../records/answers.js';
import { decodeRecord } from '../records/decode-record.js';
import { type OnUnreadable, readOrReport } from '../records/read-or-report.js';

/** The event of so many changes is made in some milliseconds. */
const MAX_CHANGES_AT_ONCE = 500;

/**
 * A logged commit as `watch` reports it, without the changes that `onUnreadable`
 * was told of: at once, or of a large commit in slices of time.
 */
export function toStorageEvent(
  commit: LoggedCommit,
  onUnreadable: OnUnreadable | undefined,
): StorageEvent | Promise<StorageEvent> {
  const { changes } = commit;
  if (changes.length > MAX_CHANGES_AT_ONCE) return makeInSlices(commit, onUnreadable);
  return toEvent(
    commit,
    changes.map((change) => readChange(change, commit, onUnreadable)),
  );
}

async function makeInSlices(
  commit: LoggedCommit,
  onUnreadable: OnUnreadable | undefined,
): Promise<StorageEvent> {
  const slice = new TimeSlice();
  const read: (StorageChange | undefined)[] = [];
  for (const change of commit.changes) {
    if (slice.isOver) await slice.next();
    read.push(readChange(change, commit, onUnreadable));
  }
  return toEvent(commit, read);
}

function readChange(
  change: LoggedChange,
  { revision }: LoggedCommit,
  onUnreadable: OnUnreadable | undefined,
): StorageChange | undefined {
  return readOrReport(() => toStorageChange(change, revision), onUnreadable);
}

function toEvent(commit: LoggedCommit, read: readonly (StorageChange | undefined)[]): StorageEvent {
  const { revision, committedAt } = commit;
  const note = noteOf(commit);
  const changes = Object.freeze(read.filter((change) => change !== undefined));
  return Object.freeze({ revision, committedAt, ...(note !== undefined && { note }), changes });
}

function toStorageChange(change: LoggedChange, revision: Revision): StorageChange {
  if (change.op === 'clear') return Object.freeze({ clear: true });
  if (change.op === 'delete') return deletionOf(change.kind, change.key);
  const { value } = decodeRecord(change.kind, change.key, change, revision);
  return putOf(change.kind, change.key, value);
}
