import { type RecordKind, type Revision, StorageError } from '@gati-framework/manifest-store';
import { RECORD_KIND_NAMES } from '@gati-framework/manifest-store/backend';
import type { StoreState } from '@gati-framework/storage-kit';
import { countColumnOf } from './schema.js';
import type { SqliteRow, SqliteValue } from './sqlite-database.js';

/** The single row of the `store` table. A transaction works on a copy and writes it back. */
export interface StoreRow {
  revision: Revision;
  /** The kept history begins after this revision. */
  oldestRevision: Revision;
  /** Counts first storings of all kinds; orders records. */
  nextPosition: number;
  nextChange: number;
  counts: Record<RecordKind, number>;
}

export function readStoreRow(row: SqliteRow | undefined): StoreRow {
  if (row === undefined) {
    throw new StorageError(
      'STORAGE_CORRUPT',
      'The row of the table store is missing. Restore the store from a backup.',
    );
  }
  const counts = {} as Record<RecordKind, number>;
  for (const kind of RECORD_KIND_NAMES) counts[kind] = row[countColumnOf(kind)] as number;
  return {
    revision: row.revision as number,
    oldestRevision: row.oldest_revision as number,
    nextPosition: row.next_position as number,
    nextChange: row.next_change as number,
    counts,
  };
}

/** In the order of `STORE_COLUMNS`. */
export function storeRowValues(row: StoreRow): SqliteValue[] {
  return [
    row.revision,
    row.oldestRevision,
    row.nextPosition,
    row.nextChange,
    ...RECORD_KIND_NAMES.map((kind) => row.counts[kind]),
  ];
}

export function copyStoreRow(row: StoreRow): StoreRow {
  return { ...row, counts: { ...row.counts } };
}

export function toStoreState({ revision, counts }: StoreRow): StoreState {
  return { revision, counts };
}
