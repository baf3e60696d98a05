import { StorageError } from '@gati-framework/manifest-store';
import { readArchiveFile } from '@gati-framework/storage-tools/archive';
import { restoreArchive } from '@gati-framework/storage-tools/copy';
import { showCopyProgress } from '../copy-progress.js';
import type { Terminal } from '../terminal.js';
import { copyOptions, type FillOptions, tell, withTarget } from './copy.js';

export interface RestoreCommandOptions extends FillOptions {
  readonly store: string;
}

/** Stores every record of an archive in one commit, or says what that would do; `-` is standard input. */
export async function restoreCommand(
  terminal: Terminal,
  file: string,
  { store, ...options }: RestoreCommandOptions,
): Promise<void> {
  const { signal, input } = terminal;
  if (file !== '-') await readable(file, () => assertBegins(file));
  await withTarget(store, options, terminal, async (target) => {
    using progress = showCopyProgress(terminal, { quiet: options.json });
    const report = await readable(file, () =>
      restoreArchive(file === '-' ? input : file, target, {
        ...copyOptions(options),
        onProgress: progress.onProgress,
        signal,
      }),
    );
    progress[Symbol.dispose]();
    tell(terminal, report, options, { does: 'restore', did: 'Restored' });
  });
}

/** Before a store is made for it: the file may be another one by mistake. */
async function assertBegins(file: string): Promise<void> {
  for await (const _first of readArchiveFile(file)) return;
}

/** What the file system says of the archive, in words of its own. */
async function readable<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof StorageError || !(cause instanceof Error) || !('syscall' in cause)) throw cause;
    throw new StorageError(
      'STORAGE_UNAVAILABLE',
      `The archive ${file} cannot be read: ${cause.message}. Nothing was stored. Name a file that export wrote.`,
      { path: 'file', cause },
    );
  }
}
