import { StorageError } from '@gati-framework/manifest-store';
import type { SqliteDatabase, SqliteValue } from '@gati-framework/storage-sqlite';
import { asDriver } from './sqljs-database.js';

/** Statements that only read, and leave no setting behind. */
const READS = /^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/|\()*(?:SELECT|WITH|VALUES|EXPLAIN)\b/i;

/** A row, by column. */
export type QueryRow = Record<string, SqliteValue | Uint8Array>;

/**
 * Runs one statement of the user's that only reads.
 *
 * Two locks: statements of other sorts are refused by their first word, and
 * SQLite itself refuses every write while the statement runs.
 */
export function queryReadOnly(
  database: SqliteDatabase,
  sql: string,
  params: readonly SqliteValue[] | Readonly<Record<string, SqliteValue>>,
): QueryRow[] {
  if (typeof sql !== 'string' || !READS.test(sql)) {
    throw invalid(
      'must be one statement that reads: SELECT, WITH, VALUES or EXPLAIN. Write through the store',
    );
  }
  const driver = asDriver(database);
  driver.run('PRAGMA query_only = ON');
  try {
    let rows: QueryRow[] | undefined;
    for (const statement of driver.iterateStatements(sql)) {
      if (rows !== undefined) throw invalid('must be one statement, and holds several');
      rows = [];
      statement.bind(params as Parameters<typeof statement.bind>[0]);
      while (statement.step()) rows.push(statement.getAsObject() as QueryRow);
    }
    return rows ?? [];
  } catch (error) {
    if (error instanceof StorageError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new StorageError('INVALID_OPTIONS', `The query cannot be run: ${message}.`, {
      path: 'sql',
      cause: error,
    });
  } finally {
    driver.run('PRAGMA query_only = OFF');
  }
}

function invalid(problem: string): StorageError {
  return new StorageError('INVALID_OPTIONS', `sql ${problem}.`, { path: 'sql' });
}
