import { createReadStream } from 'node:fs';
import type { PutChange } from '@gati-framework/manifest-store';
import { readArchive } from './read-archive.js';
import { unpackedIfNeeded } from './unpack.js';
import type { ArchiveSummary } from './write-archive.js';

/** Bytes that are read at a time. */
const CHUNK = 256 * 1024;

/**
 * The records of an archive in a file, compressed or not, checked as {@link readArchive} does: store nothing before it
 * has ended, or in one commit. Memory does not grow with the file but for what notices a record that is there twice.
 *
 * @throws StorageError `INVALID_ARCHIVE`, with the line; the error of the file system when the file cannot be read.
 */
export function readArchiveFile(file: string): AsyncGenerator<PutChange, ArchiveSummary, undefined> {
  return readArchive(unpackedIfNeeded(bytesOf(file)));
}

/** It is opened when it is asked for the first time. */
async function* bytesOf(file: string): AsyncGenerator<Uint8Array> {
  const input = createReadStream(file, { highWaterMark: CHUNK });
  try {
    for await (const chunk of input) yield chunk;
  } finally {
    input.destroy();
  }
}
