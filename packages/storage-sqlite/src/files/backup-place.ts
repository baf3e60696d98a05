import { randomBytes } from 'node:crypto';
import { closeSync, openSync, renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StorageError } from '@gati-framework/manifest-store';
import { fileError } from './file-error.js';
import { syncFolder } from './folder.js';
import { statIfThere } from './if-there.js';
import { absolutePath, locateFile } from './locate-file.js';
import { claimFile } from './sharing/file-claim.js';
import { isOpenInSqlite } from './sharing/open-connections.js';
import { contentState, hasMoreBeside, SQLITE_FILES } from './stored-file.js';

const RIGHTS = 0o777;

/** Where a backup is to be: the file, and what is written beside it until that is whole. */
export interface BackupPlace {
  /** Without links. */
  readonly file: string;
  readonly partial: string;
  /** What was there when it was looked for: see {@link contentState}. */
  readonly found: string | undefined;
  /** Whether that has any content. */
  readonly isTaken: boolean;
}

/**
 * Looks where a backup is to be, and changes nothing.
 *
 * @param source The file of the store.
 * @throws `INVALID_OPTIONS` for a place that no backup may take, whatever it holds.
 */
export function findBackupPlace(target: string, source: string): BackupPlace {
  if (typeof target !== 'string' || target.trim() === '' || target.includes('\0'))
    throw refusedTarget('The backup', 'needs the name of a file');
  return atFile(target, () => {
    const file = locateFile(absolutePath(target));
    assertFree(file, source);
    const partial = `${file}.partial-${process.pid}-${randomBytes(4).toString('hex')}`;
    const isTaken = (statIfThere(file)?.size ?? 0) > 0;
    return { file, partial, found: contentState(file), isTaken };
  });
}

/** Makes the file that is written first, which only this user may read until it is known who may. */
export function beginBackup({ file, partial }: BackupPlace): void {
  atFile(file, () => closeSync(openSync(partial, 'wx', 0o600)));
}

/** Puts what was written in its place, durably: the file is the old one or the new one, whatever happens. */
export async function finishBackup({ file, partial, found }: BackupPlace, source: string): Promise<number> {
  const rights = statIfThere(file) ?? statIfThere(source);
  try {
    const written = await open(partial, 'r+');
    try {
      if (rights !== undefined) await written.chmod(rights.mode & RIGHTS);
      await written.sync();
    } finally {
      await written.close();
    }
    assertFree(file, source);
    if (contentState(file) !== found)
      throw refusedTarget(file, 'was written by somebody else meanwhile. Name another file');
    const { size } = statIfThere(partial) ?? { size: 0 };
    renameSync(partial, file);
    syncFolder(dirname(file));
    return size;
  } catch (error) {
    throw backupError(error, file);
  }
}

/** Removes what a backup that failed has written. */
export function abandonBackup({ partial }: BackupPlace): void {
  for (const suffix of ['', ...SQLITE_FILES]) rmSync(`${partial}${suffix}`, { force: true });
}

/** Refuses a place that a backup must not take. @param problem With what to do. */
export function refusedTarget(file: string, problem: string): StorageError<'INVALID_OPTIONS'> {
  return new StorageError('INVALID_OPTIONS', `${file} ${problem}.`, { path: 'target' });
}

/** What keeps a backup from being written. */
export function backupError(error: unknown, file: string): StorageError {
  if (error instanceof StorageError) return error;
  const { code } = fileError(error, file);
  const reason = error instanceof Error ? error.message : String(error);
  return new StorageError(
    code === 'STORAGE_FULL' ? code : 'STORAGE_UNAVAILABLE',
    `The backup ${file} cannot be written: ${reason}. What was there before is as it was. ` +
      'Name a file in a folder that is there, may be written to and has room.',
    { cause: error },
  );
}

function assertFree(file: string, source: string): void {
  const found = statIfThere(file);
  if (found === undefined) return;
  if (!found.isFile()) throw refusedTarget(file, 'is there and is no file. Name another one');
  const store = statIfThere(source);
  if (store?.ino === found.ino && store.dev === found.dev)
    throw refusedTarget(file, 'is the store itself. Name another file');
  if (isInUse(file))
    throw refusedTarget(
      file,
      'is a store that is open, or was not closed. Close it first, or name another file',
    );
}

/** Also where what lies beside the file belongs to it: it would be taken for changes of the backup. */
function isInUse(file: string): boolean {
  if (hasMoreBeside(file) || isOpenInSqlite(file)) return true;
  try {
    claimFile(file).release();
    return false;
  } catch (error) {
    if (error instanceof StorageError && error.code === 'STORAGE_LOCKED') return true;
    throw error;
  }
}

function atFile<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw backupError(error, file);
  }
}
