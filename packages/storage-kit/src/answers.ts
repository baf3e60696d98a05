import type { Entry, StorageStats } from '@gati-framework/manifest-store';
import { keyObject, RECORD_KIND_NAMES, RECORD_KINDS } from '@gati-framework/manifest-store/backend';
import { decodeRecord } from './decode-record.js';
import type { StoredRecord, StoreState } from './record-driver.js';

/** Counts as `getStats` tells them. */
export function toStats({ counts }: StoreState): StorageStats {
  const stats = {} as StorageStats;
  for (const kind of RECORD_KIND_NAMES) stats[RECORD_KINDS[kind].count] = counts[kind];
  return stats;
}

/** A record as `get` and `entries` tell it. Throws as {@link decodeRecord} does. */
export function toEntry(record: StoredRecord): Entry {
  const { kind, key, revision } = record;
  const { value } = decodeRecord(kind, key, record, revision);
  return Object.freeze({ kind, key: keyObject(kind, key), value, revision }) as Entry;
}
