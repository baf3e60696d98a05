import type { RecordKind } from '@gati-framework/manifest-store';
import { RECORD_KIND_NAMES } from '@gati-framework/manifest-store/backend';
import type { EncodedValue, StoredRecord } from '@gati-framework/storage-kit';
import { keyColumnsOf } from './schema.js';
import type { SqliteRow } from './sqlite-database.js';

const KEY_COLUMNS = Object.fromEntries(
  RECORD_KIND_NAMES.map((kind) => [kind, keyColumnsOf(kind)]),
) as unknown as Record<RecordKind, readonly string[]>;

export function toStoredRecord(kind: RecordKind, row: SqliteRow): StoredRecord {
  return {
    kind,
    key: KEY_COLUMNS[kind].map((column) => row[column] as string),
    revision: row.revision as number,
    encoding: row.encoding as EncodedValue['encoding'],
    text: row.value as string,
    digest: row.digest as number,
  };
}
