import type { Entry, LogEntry, RecordKind, StorageStats } from '@gati-framework/manifest-store';
import { entryOf, statsOf, stepOf } from '@gati-framework/manifest-store/backend';
import type { LoggedSummary, StoredRecord, StoreState } from '../record-driver.js';
import { decodeRecord } from './decode-record.js';

/** Counts as `getStats` tells them. */
export function toStats({ counts }: Pick<StoreState, 'counts'>): StorageStats {
  return statsOf((kind) => counts[kind]);
}

/** A record of a kind as `get` and `entries` tell it. Throws as {@link decodeRecord} does. */
export function toEntry<K extends RecordKind>(kind: K, record: StoredRecord): Entry<K> {
  const { key, revision } = record;
  const { value } = decodeRecord(kind, key, record, revision);
  return entryOf(kind, key, value, revision);
}

/** Its own: what others gave Object.prototype is nobody's note. */
export function noteOf(commit: { readonly note?: string | undefined }): string | undefined {
  return Object.hasOwn(commit, 'note') ? commit.note : undefined;
}

/** A commit as `log` tells it. */
export function toLogEntry(commit: LoggedSummary): LogEntry {
  const { revision, committedAt, changeCount, changes } = commit;
  const note = noteOf(commit);
  return Object.freeze({
    revision,
    committedAt,
    ...(note !== undefined && { note }),
    changeCount,
    changes: Object.freeze(changes.map(stepOf)),
  });
}
