import type { Entry, StorageStats } from '@gati-framework/manifest-store';
import { keyObject, statsOf } from '@gati-framework/manifest-store/backend';
import { decodeRecord } from './decode-record.js';
import type { StoredRecord, StoreState } from './record-driver.js';

/** Counts as `getStats` tells them. */
export function toStats({ counts }: StoreState): StorageStats {
  return statsOf((kind) => counts[kind]);
}

/** A record as `get` and `entries` tell it. Throws as {@link decodeRecord} does. */
export function toEntry(record: StoredRecord): Entry {
  const { kind, key, revision } = record;
  const { value } = decodeRecord(kind, key, record, revision);
  return Object.freeze({ kind, key: keyObject(kind, key), value, revision }) as Entry;
}
