import type { RecordKind } from '@gati-framework/manifest-store';
import { byKind } from '@gati-framework/manifest-store/backend';
import type { QueryName } from '@gati-framework/storage-kit';
import { fieldColumnsOf, keyColumnsOf, keyTableOf } from '../schema/schema.js';
import { TABLES } from '../schema/tables.js';
import type { SqliteDatabase, SqliteStatement } from '../sqlite-database.js';
import { type ChangeStatements, prepareChanges } from './change-statements.js';
import { type PastStatements, preparePast } from './past-statements.js';
import type { LocatedRecord, RecordRow, ValueRow } from './rows.js';
import { type NoteStatements, prepareNotes } from './scan-statements.js';
import { selectRecords } from './select-records.js';
import { prepareTrim, type TrimStatements } from './trim-statements.js';

/** The statements on the records of one kind. */
export interface RecordStatements {
  /** The record but for its key, by key. */
  readonly select: SqliteStatement<ValueRow>;
  readonly notes: NoteStatements;
  /** By key. */
  readonly locate: SqliteStatement<LocatedRecord>;
  /** Parameters: key, fields, position, revision, change_id. */
  readonly insert: SqliteStatement;
  /** Keeps the position. Parameters: fields, revision, change_id, key. */
  readonly update: SqliteStatement;
  /** By key. */
  readonly delete: SqliteStatement;
  readonly deleteAll: SqliteStatement;
}

/** The lookups of records by something else than their key. */
export type Queries = Readonly<
  Record<Exclude<QueryName, 'byKey'>, (params: readonly string[]) => RecordRow[]>
>;

/** Every statement of a connection, prepared once. */
export interface Statements {
  readonly records: Readonly<Record<RecordKind, RecordStatements>>;
  readonly queries: Queries;
  readonly changes: ChangeStatements;
  readonly past: PastStatements;
  readonly trim: TrimStatements;
}

export function prepareStatements(database: SqliteDatabase): Statements {
  return {
    records: byKind((kind) => prepareRecordStatements(database, kind)),
    queries: prepareQueries(database),
    changes: prepareChanges(database),
    past: preparePast(database),
    trim: prepareTrim(database),
  };
}

function prepareQueries(database: SqliteDatabase): Queries {
  const prepare = (...asked: Parameters<typeof selectRecords>): SqliteStatement<RecordRow> =>
    database.prepare(selectRecords(...asked));
  const ofHandler = `FROM ${keyTableOf('manifest')} WHERE handler_id = ?`;
  // Twice through the keys costs half of sorting them, and an index would cost each write a page.
  const latestManifest = prepare(
    'manifest',
    `WHERE handler_id = ? AND created_at = (SELECT max(created_at) ${ofHandler})`,
    'position DESC',
    1,
  );
  const manifestVersions = prepare('manifest', 'WHERE handler_id = ?', 'created_at, position');
  const hookManifests = prepare('hookManifest', '', 'position');
  const pair = 'WHERE handler_id = ? AND from_version = ? AND to_version = ?';
  const transformersBetween = prepare('transformer', pair, 'position');
  return {
    latestManifest: (params) => latestManifest.all(...params, ...params),
    manifestVersions: (params) => manifestVersions.all(...params),
    hookManifests: () => hookManifests.all(),
    transformersBetween: (params) => transformersBetween.all(...params),
  };
}

function prepareRecordStatements(database: SqliteDatabase, kind: RecordKind): RecordStatements {
  const table = keyTableOf(kind);
  const keys = keyColumnsOf(kind);
  const replaced = [...fieldColumnsOf(kind), 'revision', 'change_id'];
  const columns = [...keys, ...fieldColumnsOf(kind), 'position', 'revision', 'change_id'];
  const byKey = `WHERE ${keys.map((column) => `${column} = ?`).join(' AND ')}`;
  return {
    select: database.prepare(`SELECT revision, encoding, value, digest FROM ${TABLES[kind]} ${byKey}`),
    notes: prepareNotes(database, kind),
    locate: database.prepare(`SELECT revision, change_id, position FROM ${table} ${byKey}`),
    insert: database.prepare(
      `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${parameters(columns.length)})`,
    ),
    update: database.prepare(
      `UPDATE ${table} SET ${replaced.map((column) => `${column} = ?`).join(', ')} ${byKey}`,
    ),
    delete: database.prepare(`DELETE FROM ${table} ${byKey}`),
    deleteAll: database.prepare(`DELETE FROM ${table}`),
  };
}

function parameters(count: number): string {
  return Array(count).fill('?').join(', ');
}
