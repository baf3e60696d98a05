import { createReadStream } from 'node:fs';
import type { PutChange } from '@gati-framework/manifest-store';
import { readArchive } from './read-archive.js';
import { unpackedIfNeeded } from './unpack.js';
import type { ArchiveSummary } from './write-archive.js';

/**
 * The records of an archive in a file, compressed or not, checked as {@link readArchive} does: store nothing before it
 * has ended, or in one commit. Memory does not grow with the file but for what notices a record that is there twice.
 *
 * @throws StorageError `INVALID_ARCHIVE`, with the line; the error of the file system when the file cannot be read.
 */
export async function* readArchiveFile(file: string): AsyncGenerator<PutChange, ArchiveSummary, undefined> {
  const input = createReadStream(file);
  try {
    return yield* readArchive(unpackedIfNeeded(input));
  } finally {
    input.destroy();
  }
}
