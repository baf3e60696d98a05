import type { RecordKind } from '@gati-framework/manifest-store';
import { RECORD_KIND_NAMES } from '@gati-framework/manifest-store/backend';
import type { QueryName } from '@gati-framework/storage-kit';
import { countColumnOf, fieldColumnsOf, keyColumnsOf, keyTableOf } from '../schema/schema.js';
import { TABLES } from '../schema/tables.js';
import type { SqliteDatabase, SqliteStatement } from '../sqlite-database.js';
import { perKind } from './per-kind.js';
import type { ChangeKeyRow, ChangeRow, CommitRow, Located, RecordRow, ValueRow } from './rows.js';
import { type NoteStatements, prepareNotes } from './scan-statements.js';
import { selectRecords } from './select-records.js';

/** The statements on the records of one kind. */
export interface RecordStatements {
  /** The record but for its key, by key. */
  readonly select: SqliteStatement<ValueRow>;
  readonly notes: NoteStatements;
  /** By key. */
  readonly locate: SqliteStatement<Located>;
  /** Parameters: key, fields, position, revision, change_id. */
  readonly insert: SqliteStatement;
  /** Keeps the position. Parameters: fields, revision, change_id, key. */
  readonly update: SqliteStatement;
  /** By key. */
  readonly delete: SqliteStatement;
  readonly deleteAll: SqliteStatement;
}

/** Every statement of a connection, prepared once. */
export interface Statements {
  readonly records: Readonly<Record<RecordKind, RecordStatements>>;
  readonly queries: Readonly<Record<Exclude<QueryName, 'byKey'>, SqliteStatement<RecordRow>>>;
  readonly selectLastCommit: SqliteStatement<CommitRow>;
  readonly selectFirstCommit: SqliteStatement<
    readonly [firstChange: number, revision: number, changeCount: number]
  >;
  readonly insertCommit: SqliteStatement;
  /** Parameters: id, kind, key, encoding, value, digest, replaces. */
  readonly insertPut: SqliteStatement;
  /** Parameters: id, kind, key, replaces. */
  readonly insertDelete: SqliteStatement;
  /** Parameter: id. */
  readonly insertClear: SqliteStatement;
  /** Parameters: a revision to go on after, and the most commits wanted. */
  readonly selectCommits: SqliteStatement<CommitRow>;
  /** By revision. */
  readonly selectCommit: SqliteStatement<CommitRow>;
  /** Parameters: the first id, and the id to stop before. */
  readonly selectChanges: SqliteStatement<ChangeRow>;
  /** Bytes of their values, without reading them. Parameters: the first id, and the id to stop before. */
  readonly selectSizeOfChanges: SqliteStatement<readonly [bytes: number]>;
  /** Of the changes from an id on. */
  readonly selectChangeKeys: SqliteStatement<ChangeKeyRow>;
  readonly trim: TrimStatements;
}

/** The statements that trim the history. */
export interface TrimStatements {
  /** Of the first commit that ends after a change id. */
  readonly selectFirstCommitToKeep: SqliteStatement<readonly [firstChange: number, revision: number]>;
  /** Of all revisions before one. */
  readonly deleteCommits: SqliteStatement;
  /** Yields the id of the first change that is still to be swept away; no row when there is none. */
  readonly selectSweptTo: SqliteStatement<readonly [id: number]>;
  readonly setSweptTo: SqliteStatement;
  /** `bytes` is the size of the value. Parameters: the first id, and the id to stop before. */
  readonly selectNextForgotten: SqliteStatement<
    readonly [id: number, operation: string, replaces: number | null, bytes: number]
  >;
  /** The very first change, if it is before an id. */
  readonly selectFirstBefore: SqliteStatement<readonly [id: number, bytes: number]>;
  /** By id. */
  readonly deleteChange: SqliteStatement;
}

export function prepareStatements(database: SqliteDatabase): Statements {
  const commitColumns = [
    ...['revision', 'committed_at', 'first_change', 'change_count', 'next_position'],
    ...RECORD_KIND_NAMES.map(countColumnOf),
  ].join(', ');
  return {
    records: perKind((kind) => prepareRecordStatements(database, kind)),
    queries: {
      latestManifest: database.prepare(
        selectRecords('manifest', 'WHERE handler_id = ?', 'created_at DESC, position DESC', 1),
      ),
      manifestVersions: database.prepare(
        selectRecords('manifest', 'WHERE handler_id = ?', 'created_at, position'),
      ),
      hookManifests: database.prepare(selectRecords('hookManifest', '', 'position')),
      transformersBetween: database.prepare(
        selectRecords(
          'transformer',
          'WHERE handler_id = ? AND from_version = ? AND to_version = ?',
          'position',
        ),
      ),
    },
    selectLastCommit: database.prepare(`SELECT ${commitColumns} FROM commits ORDER BY revision DESC LIMIT 1`),
    selectCommit: database.prepare(`SELECT ${commitColumns} FROM commits WHERE revision = ?`),
    selectFirstCommit: database.prepare(
      'SELECT first_change, revision, change_count FROM commits ORDER BY revision LIMIT 1',
    ),
    insertCommit: database.prepare(
      `INSERT INTO commits (${commitColumns}) VALUES (${parameters(5 + RECORD_KIND_NAMES.length)})`,
    ),
    // A driver that is out of memory binds NULL in place of a text. A blob is refused where a text belongs.
    insertPut: database.prepare(
      `INSERT INTO changes (id, operation, kind, key, encoding, value, digest, replaces)
       VALUES (?, 'put', ifnull(?, x''), ifnull(?, x''), ifnull(?, x''), ifnull(?, x''), ?, ?)`,
    ),
    insertDelete: database.prepare(
      `INSERT INTO changes (id, operation, kind, key, replaces) VALUES (?, 'delete', ifnull(?, x''), ifnull(?, x''), ?)`,
    ),
    insertClear: database.prepare(`INSERT INTO changes (id, operation) VALUES (?, 'clear')`),
    selectCommits: database.prepare(
      `SELECT ${commitColumns} FROM commits WHERE revision > ? ORDER BY revision LIMIT ?`,
    ),
    selectChanges: database.prepare(
      'SELECT operation, kind, key, encoding, value, digest FROM changes WHERE id >= ? AND id < ? ORDER BY id',
    ),
    selectSizeOfChanges: database.prepare(
      'SELECT ifnull(sum(octet_length(value)), 0) FROM changes WHERE id >= ? AND id < ?',
    ),
    selectChangeKeys: database.prepare('SELECT operation, kind, key FROM changes WHERE id >= ? ORDER BY id'),
    trim: {
      // Reads only what is to be deleted, and one more.
      selectFirstCommitToKeep: database.prepare(
        'SELECT first_change, revision FROM commits WHERE first_change + change_count > ? ORDER BY revision LIMIT 1',
      ),
      deleteCommits: database.prepare('DELETE FROM commits WHERE revision < ?'),
      selectSweptTo: database.prepare('SELECT replaces FROM changes WHERE id = 0'),
      setSweptTo: database.prepare(
        `INSERT INTO changes (id, operation, replaces) VALUES (0, 'clear', ?)
         ON CONFLICT (id) DO UPDATE SET replaces = excluded.replaces`,
      ),
      selectNextForgotten: database.prepare(
        `SELECT id, operation, replaces, ifnull(octet_length(value), 0) FROM changes
         WHERE id >= ? AND id < ? ORDER BY id LIMIT 1`,
      ),
      selectFirstBefore: database.prepare(
        'SELECT id, ifnull(octet_length(value), 0) FROM changes WHERE id > 0 AND id < ? ORDER BY id LIMIT 1',
      ),
      deleteChange: database.prepare('DELETE FROM changes WHERE id = ?'),
    },
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
    locate: database.prepare(`SELECT revision, change_id FROM ${table} ${byKey}`),
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

/** Parameters of `insertCommit`. */
export function commitValues(commit: {
  revision: number;
  committedAt: number;
  firstChange: number;
  changeCount: number;
  nextPosition: number;
  counts: Readonly<Record<RecordKind, number>>;
}): number[] {
  const { revision, committedAt, firstChange, changeCount, nextPosition, counts } = commit;
  const perKind = RECORD_KIND_NAMES.map((kind) => counts[kind]);
  return [revision, committedAt, firstChange, changeCount, nextPosition, ...perKind];
}
