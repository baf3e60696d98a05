import type { Storage } from '@gati-framework/manifest-store';
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import { createSqlJsStorage } from '@gati-framework/storage-sqljs';

interface OpenOptions {
  readonly readOnly?: boolean;
}

/** Both that keep a store in a SQLite file; neither waits for others. */
export const FILE_BACKENDS: Readonly<
  Record<'sqljs' | 'better-sqlite3', (filename: string, options?: OpenOptions) => Storage>
> = {
  sqljs: (filename, options) =>
    createSqlJsStorage({ filename, lockTimeout: 1, onRecovery: () => {}, ...options }),
  'better-sqlite3': (filename, options) =>
    createBetterSqlite3Storage({ filename, lockTimeout: 1, ...options }),
};

export const BACKEND_NAMES = Object.keys(FILE_BACKENDS) as (keyof typeof FILE_BACKENDS)[];
