import type { StorageStats } from '@gati-framework/manifest-store';
import { RECORD_KINDS } from '@gati-framework/manifest-store/backend';

/** How many records of all kinds a store holds. */
export function countRecords(stats: StorageStats): number {
  return Object.values(RECORD_KINDS).reduce((sum, { count }) => sum + stats[count], 0);
}
