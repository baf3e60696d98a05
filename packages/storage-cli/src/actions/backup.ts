import { StorageError } from '@gati-framework/manifest-store';
import { type BackupProgress, backUpStorage } from '@gati-framework/storage-tools/backup';
import { type PhaseProgress, showPhases } from '../phase-progress.js';
import type { Terminal } from '../terminal.js';
import { formatBytes } from '../text/format-bytes.js';
import { asJson } from '../text/json.js';
import { plural } from '../text/words.js';
import { asUsage, UsageError } from '../usage-error.js';
import { assertExists } from './with-storage.js';

export interface BackupCommandOptions {
  readonly store: string;
  readonly overwrite?: boolean;
  readonly json?: boolean;
}

/** Copies the file of a store to another one while others use it. */
export async function backupCommand(
  terminal: Terminal,
  target: string,
  { store, overwrite = false, json = false }: BackupCommandOptions,
): Promise<void> {
  await asUsage(() => assertExists(store));
  using progress = showPhases(terminal, { quiet: json });
  const report = await ofFiles(() =>
    backUpStorage(store, target, {
      overwrite,
      signal: terminal.signal,
      onProgress: (now) => show(progress, now),
    }),
  );
  progress[Symbol.dispose]();
  const { bytes, records, revision } = report;
  terminal.out(
    json
      ? asJson(report)
      : `${target}: ${plural(records, 'record')} as of revision ${revision}, ${formatBytes(bytes)}, read back and checked`,
  );
}

const MIB = 1024 * 1024;

function show(progress: PhaseProgress, { phase, done, total }: BackupProgress): void {
  if (phase === 'checking') progress.update('changes checked', done, total);
  else progress.update('MiB', Math.floor(done / MIB), Math.ceil(total / MIB));
}

/** A store that is no file was named by mistake; a file that is not replaced was found. */
async function ofFiles<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isUsage = error instanceof StorageError && error.code === 'INVALID_OPTIONS' && error.path === 'url';
    throw isUsage ? new UsageError(error.message, { path: 'store', cause: error }) : error;
  }
}
