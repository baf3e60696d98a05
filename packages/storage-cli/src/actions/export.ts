import { Writable } from 'node:stream';
import { exportArchive } from '@gati-framework/storage-tools/archive';
import { showProgress, showRecordsRead } from '../progress.js';
import type { Terminal } from '../terminal.js';
import { plural } from '../text/words.js';
import { type StoreToRead, withStorageAt } from './with-storage.js';

export interface ExportCommandOptions extends StoreToRead {
  readonly handler?: string;
  readonly json?: boolean;
}

/** Writes every record to an archive; `-` is standard output, and what is said about it goes to the other one. */
export async function exportCommand(
  terminal: Terminal,
  file: string,
  { handler, json, ...store }: ExportCommandOptions,
): Promise<void> {
  await withStorageAt(store, terminal, async (storage) => {
    using progress =
      // How many there were is told by nothing but reading them all.
      handler === undefined && store.at === undefined
        ? await showRecordsRead(terminal, storage, { quiet: json })
        : showProgress(terminal, { unit: 'records', quiet: json });
    const summary = await exportArchive(storage, file === '-' ? outputOf(terminal) : file, {
      signal: terminal.signal,
      onProgress: progress.update,
      ...(handler === undefined ? {} : { handlerId: handler }),
    });
    progress.clear();
    const say = file === '-' ? terminal.err : terminal.out;
    say(
      json === true
        ? JSON.stringify({ file, ...summary }, null, 2)
        : `${file === '-' ? 'Wrote' : `${file}:`} ${plural(summary.records, 'record')}, sha256 ${summary.sha256}`,
    );
  });
}

function outputOf(terminal: Terminal): Writable {
  return new Writable({
    write: (chunk: Buffer, _, done) => {
      terminal.write(chunk).then(() => done(), done);
    },
  });
}
