import { StorageError } from '@gati-framework/manifest-store';
import type { MaybePromise } from '@gati-framework/storage-kit';
import type { SqliteHost } from './sqlite-host.js';

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

/** As {@link guard}, for work that may have to wait. */
export async function guardAsync<T>(host: SqliteHost, work: () => MaybePromise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asStorageError(host, error);
  }
}
