import type { RecordKind } from '@gati-framework/manifest-store';
import type { KeyTuple } from '@gati-framework/manifest-store/backend';
import type { EncodedValue, StoredRecord } from '@gati-framework/storage-kit';
import type { SqliteRow } from '../sqlite-database.js';

/**
 * @param row `revision`, `encoding`, `value`, `digest`, and the columns of the key.
 * @param key Instead of those columns, where it is known.
 */
export function toStoredRecord(
  kind: RecordKind,
  row: SqliteRow,
  key: KeyTuple = row.slice(4) as string[],
): StoredRecord {
  return {
    kind,
    key,
    revision: row[0] as number,
    encoding: row[1] as EncodedValue['encoding'],
    text: row[2] as string,
    digest: row[3] as number,
  };
}
