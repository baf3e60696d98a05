import type { StorageChange, StorageEvent } from '@gati-framework/manifest-store';
import { keyObject } from '@gati-framework/manifest-store/backend';
import { decodeRecord } from './decode-record.js';
import type { LoggedChange, LoggedCommit } from './record-driver.js';

/** A logged commit as `watch` reports it. */
export function toStorageEvent({ revision, committedAt, changes }: LoggedCommit): StorageEvent {
  return Object.freeze({ revision, committedAt, changes: Object.freeze(changes.map(toStorageChange)) });
}

function toStorageChange(change: LoggedChange): StorageChange {
  if (change.op === 'clear') return Object.freeze({ clear: true });
  const key = keyObject(change.kind, change.key);
  if (change.op === 'delete') return Object.freeze({ delete: change.kind, key }) as StorageChange;
  const { value } = decodeRecord(change.kind, change.key, change);
  return Object.freeze({ put: change.kind, key, value }) as StorageChange;
}
