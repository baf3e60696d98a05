import type { RecordKind } from '@gati-framework/manifest-store';
import type { EncodedValue, StoredRecord } from '@gati-framework/storage-kit';
import type { SqliteRow } from './sqlite-database.js';

/** @param row `revision`, `encoding`, `value`, `digest`, and the columns of the key. */
export function toStoredRecord(kind: RecordKind, row: SqliteRow): StoredRecord {
  return {
    kind,
    key: row.slice(4) as string[],
    revision: row[0] as number,
    encoding: row[1] as EncodedValue['encoding'],
    text: row[2] as string,
    digest: row[3] as number,
  };
}
