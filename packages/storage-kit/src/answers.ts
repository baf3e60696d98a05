import type { Entry, RecordKind, StorageStats } from '@gati-framework/manifest-store';
import { entryOf, statsOf } from '@gati-framework/manifest-store/backend';
import { decodeRecord } from './decode-record.js';
import type { StoredRecord, StoreState } from './record-driver.js';

/** Counts as `getStats` tells them. */
export function toStats({ counts }: StoreState): StorageStats {
  return statsOf((kind) => counts[kind]);
}

/** A record of a kind as `get` and `entries` tell it. Throws as {@link decodeRecord} does. */
export function toEntry<K extends RecordKind>(kind: K, record: StoredRecord): Entry<K> {
  const { key, revision } = record;
  const { value } = decodeRecord(kind, key, record, revision);
  return entryOf(kind, key, value, revision);
}
