import type { RecordKind } from '@gati-framework/manifest-store';
import { RECORD_KIND_NAMES, RECORD_KINDS } from '@gati-framework/manifest-store/backend';
import type { QueryName } from '@gati-framework/storage-kit';
import { columnOf, countColumnOf, fieldColumnsOf, keyColumnsOf } from './schema.js';
import type { SqliteDatabase, SqliteStatement } from './sqlite-database.js';

/** The statements on the records of one kind. */
export interface RecordStatements {
  /** By key. */
  readonly select: SqliteStatement;
  /** The revision alone, by key. */
  readonly selectRevision: SqliteStatement;
  /** Parameters: position, key, fields, revision, encoding, value, digest. Yields the record's position, new or old. */
  readonly upsert: SqliteStatement;
  /** By key. Yields a row when there was one. */
  readonly delete: SqliteStatement;
  readonly deleteAll: SqliteStatement;
}

/** Every statement of a connection, prepared once. */
export interface Statements {
  readonly records: Readonly<Record<RecordKind, RecordStatements>>;
  readonly queries: Readonly<Record<Exclude<QueryName, 'byKey'>, SqliteStatement>>;
  readonly dataVersion: SqliteStatement;
  readonly selectStore: SqliteStatement;
  readonly updateStore: SqliteStatement;
  readonly insertCommit: SqliteStatement;
  readonly insertChange: SqliteStatement;
  readonly selectCommits: SqliteStatement;
  readonly selectChanges: SqliteStatement;
  /** Of the changes from an id on. */
  readonly selectChangeKeys: SqliteStatement;
  readonly selectFirstCommitToKeep: SqliteStatement;
  readonly deleteCommits: SqliteStatement;
  readonly deleteChanges: SqliteStatement;
}

/** Columns of the `store` row in the order in which `updateStore` takes them. */
export const STORE_COLUMNS: readonly string[] = [
  'revision',
  'oldest_revision',
  'next_position',
  'next_change',
  ...RECORD_KIND_NAMES.map(countColumnOf),
];

export function prepareStatements(database: SqliteDatabase): Statements {
  const records = {} as Record<RecordKind, RecordStatements>;
  for (const kind of RECORD_KIND_NAMES) records[kind] = prepareRecordStatements(database, kind);
  return {
    records,
    queries: {
      latestManifest: database.prepare(
        `${selectRecord('manifest')} WHERE handler_id = ? ORDER BY created_at DESC, position DESC LIMIT 1`,
      ),
      manifestVersions: database.prepare(
        `${selectRecord('manifest')} WHERE handler_id = ? ORDER BY created_at, position`,
      ),
      hookManifests: database.prepare(`${selectRecord('hookManifest')} ORDER BY position`),
      transformersBetween: database.prepare(
        `${selectRecord('transformer')} WHERE handler_id = ? AND from_version = ? AND to_version = ? ORDER BY position`,
      ),
    },
    dataVersion: database.prepare('PRAGMA data_version'),
    selectStore: database.prepare('SELECT * FROM store'),
    updateStore: database.prepare(
      `UPDATE store SET ${STORE_COLUMNS.map((column) => `${column} = ?`).join(', ')}`,
    ),
    insertCommit: database.prepare('INSERT INTO commits VALUES (?, ?, ?, ?)'),
    insertChange: database.prepare('INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?, ?)'),
    selectCommits: database.prepare('SELECT * FROM commits WHERE revision > ? ORDER BY revision LIMIT ?'),
    selectChanges: database.prepare('SELECT * FROM changes WHERE id >= ? AND id < ? ORDER BY id'),
    selectChangeKeys: database.prepare('SELECT operation, kind, key FROM changes WHERE id >= ? ORDER BY id'),
    // Reads only what is to be deleted, and one more.
    selectFirstCommitToKeep: database.prepare(
      'SELECT * FROM commits WHERE first_change + change_count > ? ORDER BY revision LIMIT 1',
    ),
    deleteCommits: database.prepare('DELETE FROM commits WHERE revision < ?'),
    deleteChanges: database.prepare('DELETE FROM changes WHERE id < ?'),
  };
}

function prepareRecordStatements(database: SqliteDatabase, kind: RecordKind): RecordStatements {
  const { table } = RECORD_KINDS[kind];
  const keys = keyColumnsOf(kind);
  const replaced = [...fieldColumnsOf(kind), 'revision', 'encoding', 'value', 'digest'];
  const columns = ['position', ...keys, ...replaced];
  const byKey = `WHERE ${keys.map((column) => `${column} = ?`).join(' AND ')}`;
  return {
    select: database.prepare(`${selectRecord(kind)} ${byKey}`),
    selectRevision: database.prepare(`SELECT revision FROM ${table} ${byKey}`),
    // Not INSERT OR REPLACE, which deletes and so loses the place in the order.
    upsert: database.prepare(
      `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
       ON CONFLICT (${keys.join(', ')}) DO UPDATE SET
       ${replaced.map((column) => `${column} = excluded.${column}`).join(', ')}
       RETURNING position`,
    ),
    delete: database.prepare(`DELETE FROM ${table} ${byKey} RETURNING position`),
    deleteAll: database.prepare(`DELETE FROM ${table}`),
  };
}

function selectRecord(kind: RecordKind): string {
  const columns = [...keyColumnsOf(kind), 'revision', 'encoding', 'value', 'digest'];
  return `SELECT ${columns.join(', ')} FROM ${RECORD_KINDS[kind].table}`;
}

/** A page of a scan; parameters: the position to go on after, perhaps a handlerId, and the size of the page. */
export function prepareScan(database: SqliteDatabase, kind: RecordKind, byHandler: boolean): SqliteStatement {
  const handler = byHandler ? `AND ${columnOf('handlerId')} = ? ` : '';
  return database.prepare(
    `${selectRecord(kind).replace('SELECT', 'SELECT position,')} WHERE position > ? ${handler}ORDER BY position LIMIT ?`,
  );
}
