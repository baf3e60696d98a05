import { RECORD_KIND_NAMES } from '@gati-framework/manifest-store/backend';
import { countColumnOf } from '../schema/schema.js';
import type { SqliteDatabase, SqliteStatement } from '../sqlite-database.js';
import type { ChangeKeyRow, ChangeRow, CommitRow, HeadRow } from './rows.js';

/** By operation. Each takes the `id` and the revision first, and the record's position and `replaces` at the end of its own. */
export interface InsertStatements {
  /** Between them: kind, key, encoding, value, digest. */
  readonly put: SqliteStatement;
  /** Between them: kind, key. */
  readonly delete: SqliteStatement;
  /** Without position and `replaces`. */
  readonly clear: SqliteStatement;
}

/** The statements on the log of changes, of which the last one of a commit tells what there is after it. */
export interface ChangeStatements {
  readonly insert: InsertStatements;
  /** As `insert`, of the last change of a commit. Further parameters: time, number of changes, next position, counts, digest. */
  readonly insertLast: InsertStatements;
  /** As `insertLast`, of a commit with a note. Further parameter: the note. */
  readonly insertLastNoted: InsertStatements;
  /** The store after the last commit. */
  readonly selectHead: SqliteStatement<HeadRow>;
  /** The store after the commit that ends with an id. */
  readonly selectHeadAt: SqliteStatement<HeadRow>;
  /** Of the first change from an id on. */
  readonly selectRevision: SqliteStatement<readonly [revision: number]>;
  /** Parameters: the first id, the id to stop before, and the most that are wanted. */
  readonly selectCommits: SqliteStatement<CommitRow>;
  /** The commit that ends with an id, if one does. */
  readonly selectCommit: SqliteStatement<CommitRow>;
  /** Parameters: the first id, and the id to stop before. */
  readonly select: SqliteStatement<ChangeRow>;
  /** Bytes of their values, without reading them. Parameters: the first id, and the id to stop before. */
  readonly selectSize: SqliteStatement<readonly [bytes: number]>;
  /** Of the changes from an id on. */
  readonly selectKeys: SqliteStatement<ChangeKeyRow>;
}

export function prepareChanges(database: SqliteDatabase): ChangeStatements {
  const counts = RECORD_KIND_NAMES.map((kind) => `commit_${countColumnOf(kind)}`);
  const [time, size, position] = ['commit_committed_at', 'commit_change_count', 'commit_next_position'];
  const last = [time, size, position, ...counts, 'commit_digest'];
  const commit = `id, ${size}, commit_revision, ${time}, commit_note, commit_digest`;
  const head = ['id', 'commit_revision', time, position, ...counts].join(', ');
  return {
    insert: prepareInserts(database, []),
    insertLast: prepareInserts(database, last),
    insertLastNoted: prepareInserts(database, last, ['commit_note']),
    selectHead: database.prepare(`SELECT ${head} FROM changes ORDER BY id DESC LIMIT 1`),
    selectHeadAt: database.prepare(`SELECT ${head} FROM changes WHERE id = ? AND ${size} IS NOT NULL`),
    selectRevision: database.prepare('SELECT commit_revision FROM changes WHERE id >= ? ORDER BY id LIMIT 1'),
    selectCommits: database.prepare(
      `SELECT ${commit} FROM changes
       WHERE id >= ? AND id < ? AND ${size} IS NOT NULL ORDER BY id LIMIT ?`,
    ),
    selectCommit: database.prepare(`SELECT ${commit} FROM changes WHERE id = ? AND ${size} IS NOT NULL`),
    select: database.prepare(
      'SELECT operation, kind, key, encoding, value, digest FROM changes WHERE id >= ? AND id < ? ORDER BY id',
    ),
    selectSize: database.prepare(
      'SELECT ifnull(sum(octet_length(value)), 0) FROM changes WHERE id >= ? AND id < ?',
    ),
    selectKeys: database.prepare('SELECT operation, kind, key FROM changes WHERE id >= ? ORDER BY id'),
  };
}

/** @param textsOfCommit Those among the columns of a commit that hold texts, which come last. */
function prepareInserts(
  database: SqliteDatabase,
  ofCommit: readonly string[],
  textsOfCommit: readonly string[] = [],
): InsertStatements {
  const prepare = (
    operation: string,
    texts: readonly string[],
    others: readonly string[],
  ): SqliteStatement => {
    const columns = ['id', 'commit_revision', ...texts, ...others, ...ofCommit, ...textsOfCommit];
    const checked = [...texts, ...textsOfCommit];
    // A driver that is out of memory binds NULL in place of a text. A blob is refused where a text belongs.
    const values = columns.map((column) => (checked.includes(column) ? "ifnull(?, x'')" : '?'));
    return database.prepare(
      `INSERT INTO changes (operation, ${columns.join(', ')}) VALUES ('${operation}', ${values.join(', ')})`,
    );
  };
  return {
    put: prepare('put', ['kind', 'key', 'encoding', 'value'], ['digest', 'record_position', 'replaces']),
    delete: prepare('delete', ['kind', 'key'], ['digest', 'record_position', 'replaces']),
    clear: prepare('clear', [], []),
  };
}
