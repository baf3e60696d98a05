import { StorageError } from '@gati-framework/manifest-store';

/** A row as `rowMode: 'array'` yields it. */
export type Row = readonly unknown[];

/** Values of a row by the number of their column, from 0. Each throws `STORAGE_FAILED` for what is of another type. */

export function textAt(row: Row, column: number): string {
  const value = row[column];
  return typeof value === 'string' ? value : unexpected(value, column, 'a text');
}

export function textOrNullAt(row: Row, column: number): string | null {
  return isNull(row, column) ? null : textAt(row, column);
}

export function numberAt(row: Row, column: number): number {
  const value = row[column];
  return typeof value === 'number' ? value : unexpected(value, column, 'a number');
}

export function numberOrNullAt(row: Row, column: number): number | null {
  return isNull(row, column) ? null : numberAt(row, column);
}

export function flagAt(row: Row, column: number): boolean {
  const value = row[column];
  return typeof value === 'boolean' ? value : unexpected(value, column, 'true or false');
}

export function isNull(row: Row, column: number): boolean {
  return row[column] === null;
}

function unexpected(value: unknown, column: number, wanted: string): never {
  throw new StorageError(
    'STORAGE_FAILED',
    `PostgreSQL answered with ${typeof value} in column ${column} where ${wanted} belongs. If the storage was given a pool, ` +
      'its clients must hand on rowMode and types of each query.',
  );
}
