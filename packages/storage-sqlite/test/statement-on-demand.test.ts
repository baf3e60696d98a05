import { expect, test } from 'vitest';
import { preparingOnDemand } from '../src/sql/statement-on-demand.js';
import type { SqliteDatabase, SqliteRow, SqliteStatement } from '../src/sqlite-database.js';

/** A database that counts what it prepares, and is locked as long as that is said; a statement yields its text. */
function countingDatabase(): { database: SqliteDatabase; prepared: string[]; locked: { is: boolean } } {
  const prepared: string[] = [];
  const locked = { is: false };
  const prepare = <Row extends SqliteRow>(sql: string): SqliteStatement<Row> => {
    if (locked.is) throw new Error('database is locked');
    prepared.push(sql);
    const rows = [[sql] as SqliteRow as Row];
    return { run: () => sql, get: () => rows[0], all: () => rows, iterate: () => rows.values() };
  };
  return { database: { exec: () => {}, prepare }, prepared, locked };
}

test('a statement is prepared when it is first run, once, and others never', () => {
  const { database, prepared } = countingDatabase();
  const onDemand = preparingOnDemand(database);
  onDemand.prepare('SELECT 1');
  const statement = onDemand.prepare('SELECT 2');
  expect(prepared).toEqual([]);
  expect(statement.get()).toEqual(['SELECT 2']);
  expect([...statement.iterate()]).toEqual(statement.all());
  expect(prepared).toEqual(['SELECT 2']);
});

test('a statement that could not be prepared is prepared when it is run again', () => {
  const { database, prepared, locked } = countingDatabase();
  const statement = preparingOnDemand(database).prepare('SELECT 1');
  locked.is = true;
  expect(() => statement.get()).toThrow('locked');
  locked.is = false;
  expect(statement.get()).toEqual(['SELECT 1']);
  expect(prepared).toEqual(['SELECT 1']);
});
