import { StorageError } from '@gati-framework/manifest-store';
import { RECORD_KIND_NAMES } from '@gati-framework/manifest-store/backend';
import { digestOf } from '@gati-framework/storage-kit';
import type { Steps } from '../commit/steps.js';
import { keyTableOf } from '../schema/schema.js';
import type { SqliteDatabase } from '../sqlite-database.js';
import { readTip, type StoreTip } from './store-tip.js';

/** Rows that are read between two looks at the clock. */
const ROWS = 200;

/**
 * Reads a copy of a store to its last row: it has to be where the store was, to hold as many records as its last commit says,
 * and every value of its history as it was written.
 *
 * @param source How errors name the store.
 * @param onRead Called now and then with how many changes of its history were read, and how many there are at most.
 * @throws `STORAGE_CORRUPT`
 */
export function* checkCopy(
  database: SqliteDatabase,
  expected: StoreTip,
  source: string,
  onRead: (changes: number, total: number) => void,
): Steps<void> {
  const found = readTip(database);
  for (const field of ['schemaVersion', 'revision', 'committedAt'] as const) {
    if (found[field] !== expected[field]) throw damaged(source, `its copy has another ${field}`);
  }
  for (const kind of RECORD_KIND_NAMES) {
    const rows = yield* countRows(database, keyTableOf(kind));
    if (rows !== expected.counts[kind])
      throw damaged(
        source,
        `it holds ${rows} records of the kind ${kind}, and should hold ${expected.counts[kind]}`,
      );
  }
  yield* checkValues(database, source, onRead);
}

function* countRows(database: SqliteDatabase, table: string): Steps<number> {
  let rows = 0;
  for (const _ of database.prepare(`SELECT change_id FROM ${table}`).iterate()) {
    rows += 1;
    if (rows % ROWS === 0) yield;
  }
  return rows;
}

function* checkValues(
  database: SqliteDatabase,
  source: string,
  onRead: (changes: number, total: number) => void,
): Steps<void> {
  const select = database.prepare<readonly [id: number, value: string | null, digest: number | null]>(
    'SELECT id, value, digest FROM changes ORDER BY id',
  );
  const [first = 1, last = 0] =
    database
      .prepare<readonly [number, number]>(
        'SELECT (SELECT min(id) FROM changes), (SELECT max(id) FROM changes)',
      )
      .get() ?? [];
  let changes = 0;
  for (const [id, value, digest] of select.iterate()) {
    if (value !== null && digestOf(value) !== digest)
      throw damaged(source, `the value of change ${id} has another digest than it was written with`);
    changes += 1;
    if (changes % ROWS > 0) continue;
    onRead(id - first + 1, last - first + 1);
    yield;
  }
}

function damaged(location: string, problem: string): StorageError {
  return new StorageError(
    'STORAGE_CORRUPT',
    `${location} is damaged: ${problem}. No backup was made, and one that was there is as it was: keep that.`,
    { details: { location } },
  );
}
