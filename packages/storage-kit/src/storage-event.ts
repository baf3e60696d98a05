import type { Revision, StorageChange, StorageEvent } from '@gati-framework/manifest-store';
import { deletionOf, putOf } from '@gati-framework/manifest-store/backend';
import { decodeRecord } from './decode-record.js';
import { type OnUnreadable, readOrReport } from './read-or-report.js';
import type { LoggedChange, LoggedCommit } from './record-driver.js';

/** A logged commit as `watch` reports it, without the changes that `onUnreadable` was told of. */
export function toStorageEvent(
  { revision, committedAt, changes }: LoggedCommit,
  onUnreadable: OnUnreadable | undefined,
): StorageEvent {
  const read = changes.map((change) => readOrReport(() => toStorageChange(change, revision), onUnreadable));
  return Object.freeze({
    revision,
    committedAt,
    changes: Object.freeze(read.filter((change) => change !== undefined)),
  });
}

function toStorageChange(change: LoggedChange, revision: Revision): StorageChange {
  if (change.op === 'clear') return Object.freeze({ clear: true });
  if (change.op === 'delete') return deletionOf(change.kind, change.key);
  const { value } = decodeRecord(change.kind, change.key, change, revision);
  return putOf(change.kind, change.key, value);
}
