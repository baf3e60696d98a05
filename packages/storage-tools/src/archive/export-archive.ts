import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type EntryFilter, type Storage, StorageError } from '@gati-framework/manifest-store';
import { invalidOption } from '@gati-framework/manifest-store/backend';
import { checkStorage } from '../check-storage.js';
import { checkReplaceable } from './check-replaceable.js';
import { type ArchiveSummary, writeArchive } from './write-archive.js';

export interface ExportOptions extends Pick<EntryFilter, 'kinds' | 'handlerId'> {
  /** Ends it; a file that is there already stays as it is. */
  signal?: AbortSignal;
  /** Called now and then with how many records have been written. */
  onProgress?: (records: number) => void;
}

/**
 * Writes the records of a storage, as of one moment, to a file or a stream as {@link writeArchive}
 * has it; a file whose name ends in `.gz` is compressed. A file appears whole and
 * synced, or not at all. It takes the place of an archive of that name; anything else that is
 * there, such as the store itself, is refused. Memory does not grow with the store.
 */
export async function exportArchive(
  storage: Pick<Storage, 'entries'>,
  target: string | Writable,
  { signal, onProgress, ...filter }: ExportOptions = {},
): Promise<ArchiveSummary> {
  checkStorage(storage);
  checkTarget(target);
  let summary: ArchiveSummary | undefined;
  async function* bytes(): AsyncGenerator<Buffer> {
    summary = yield* writeArchive(counted(storage.entries(filter), onProgress));
  }
  if (typeof target === 'string') await intoFile(target, bytes(), signal);
  else await pipeline(bytes(), target, { ...(signal && { signal }), end: false });
  return summary as ArchiveSummary;
}

function checkTarget(target: string | Writable): void {
  const isStream = typeof Object(target).write === 'function';
  if (isStream || (typeof target === 'string' && target !== '')) return;
  throw invalidOption('target', 'must be the name of a file, or a stream to write to');
}

async function* counted<T>(
  entries: AsyncIterable<T>,
  onProgress?: (count: number) => void,
): AsyncGenerator<T> {
  let count = 0;
  for await (const entry of entries) {
    yield entry;
    count += 1;
    if (count % RECORDS_BETWEEN_PROGRESS === 0) onProgress?.(count);
  }
  onProgress?.(count);
}

const RECORDS_BETWEEN_PROGRESS = 1000;

/** Beside the file, so that the last step is a renaming, which cannot be seen half done. */
async function intoFile(file: string, bytes: AsyncGenerator<Buffer>, signal?: AbortSignal): Promise<void> {
  const partial = `${file}.partial-${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    await checkReplaceable(file);
    const handle = await open(partial, 'wx');
    // It is synced before it is closed, and closes with its stream.
    const output = createWriteStream(partial, { fd: handle, flush: true });
    const options = signal === undefined ? {} : { signal };
    if (file.endsWith('.gz')) await pipeline(bytes, createGzip(), output, options);
    else await pipeline(bytes, output, options);
    await rename(partial, file);
    await syncFolder(dirname(file));
  } catch (error) {
    await rm(partial, { force: true });
    throw signal?.aborted === true || error instanceof StorageError ? error : cannotWrite(file, error);
  }
}

/** Windows has no such thing, and file systems there keep renamings by themselves. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

function cannotWrite(file: string, cause: unknown): StorageError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StorageError(
    'STORAGE_UNAVAILABLE',
    `The archive ${file} cannot be written: ${reason}. What was there before is as it was. ` +
      'Name a file in a folder that is there, may be written to and has room.',
    { path: 'file', cause },
  );
}
