import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { StorageError } from '@gati-framework/manifest-store';
import { fileError } from './file-error.js';
import { syncFolder } from './folder.js';
import { logPathOf } from './log-file.js';
import { placeToRead } from './place.js';
import { claimFile, type FileClaim } from './sharing/file-claim.js';
import { isOpenInSqlite } from './sharing/open-connections.js';
import { contentState, hasMoreBeside, SQLITE_FILES } from './stored-file.js';

/** Tells which file is there and whether it was written since, for {@link removeUnused}. */
export function stateOfFile(filename: string): string | undefined {
  return contentState(placeToRead(filename));
}

/**
 * Removes a file with what lies beside it, if it still is as it was and nobody uses it. Who opens it meanwhile is told that
 * it is in use.
 *
 * @param state What {@link stateOfFile} told of it.
 * @returns Whether it was removed.
 */
export function removeUnused(filename: string, state: string): boolean {
  const path = placeToRead(filename);
  const claim = claimIfUnused(path);
  if (claim === undefined) return false;
  try {
    if (hasMoreBeside(path) || isOpenInSqlite(path) || contentState(path) !== state) return false;
    for (const suffix of [...SQLITE_FILES, '']) rmSync(`${path}${suffix}`, { force: true });
    rmSync(logPathOf(path), { force: true });
    syncFolder(dirname(path));
    return true;
  } catch (error) {
    throw fileError(error, path);
  } finally {
    claim.release();
  }
}

function claimIfUnused(path: string): FileClaim | undefined {
  try {
    return claimFile(path);
  } catch (error) {
    if (error instanceof StorageError && error.code === 'STORAGE_LOCKED') return undefined;
    throw error;
  }
}
