import { writeFile } from 'node:fs/promises';
import type { BackupOptions, BackupReport } from '@gati-framework/manifest-store/backend';
import {
  checkCopy,
  finishUnlessAborted,
  hasBeenAt,
  readTip,
  recordsOf,
} from '@gati-framework/storage-sqlite';
import { decideBackup, writeBackup } from '@gati-framework/storage-sqlite/files';
import { resolveOptions } from '../options.js';
import { SqlJsRecordStorage } from '../sqljs-storage.js';

export type {
  BackupOptions,
  BackupPhase,
  BackupProgress,
  BackupReport,
} from '@gati-framework/manifest-store/backend';

/**
 * Writes the store in a file, with what its log adds, to another file, also while a process has it open: as of
 * the moment of the call, with its history, and checked. It appears whole and synced, or not at all. The database is in memory meanwhile.
 *
 * @param filename Of the store.
 * @throws StorageError `INVALID_OPTIONS` where something is in the place of the backup that is no earlier one of this
 *   store; `STORAGE_CORRUPT` for a store that is damaged, of which no backup is made; and what opening a store to read it throws.
 */
export async function backUpFile(
  filename: string,
  target: string,
  options: BackupOptions = {},
): Promise<BackupReport> {
  const { overwrite, onProgress = () => {}, signal } = decideBackup(options);
  signal?.throwIfAborted();
  await using store = openedToRead(filename);
  const tip = await store.read(readTip);
  const written = await writeBackup(target, {
    source: store.location,
    overwrite,
    holds: async (file) => {
      await using other = openedToRead(file);
      const then = await other.read(readTip);
      return await store.read((database) => hasBeenAt(database, then));
    },
    write: async ({ partial }) => {
      const onRead = (done: number, total: number): void => onProgress({ phase: 'checking', done, total });
      await store.read((database) =>
        finishUnlessAborted(checkCopy(database, tip, store.location, onRead), signal),
      );
      await writeFile(partial, await store.export());
    },
  });
  return { ...written, records: recordsOf(tip), revision: tip.revision };
}

function openedToRead(filename: string): SqlJsRecordStorage {
  return new SqlJsRecordStorage(resolveOptions({ filename, readOnly: true }));
}
