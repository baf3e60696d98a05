import { StorageError } from '@gati-framework/manifest-store';
import type { SqliteHost } from './sqlite-database.js';

/** Whatever was thrown, as the error of the store. */
export function asStorageError(host: SqliteHost, error: unknown): StorageError {
  return error instanceof StorageError ? error : host.translate(error);
}

/** Runs work on a database; what it throws is a StorageError. */
export function guard<T>(host: SqliteHost, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asStorageError(host, error);
  }
}
