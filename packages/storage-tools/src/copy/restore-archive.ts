import { readArchive } from '../archive/read-archive.js';
import { readArchiveFile } from '../archive/read-archive-file.js';
import { unpackedIfNeeded } from '../archive/unpack.js';
import { type CopyOptions, decideCopy } from './copy-options.js';
import { checkTarget, type TargetStorage } from './target.js';
import { type CopyReport, transfer } from './transfer.js';

/**
 * Stores every record of an archive in one commit, as `copyStorage` does those of a storage. The archive is checked while it is
 * read, and the commit happens only when its closing line was right: of one that is damaged nothing is stored.
 *
 * @param archive A file, or the bytes of a stream, such as `process.stdin`; compressed or not.
 * @throws StorageError `INVALID_ARCHIVE`, with the line; the error of the file system when the file cannot be read; and what
 *   `copyStorage` throws.
 */
export async function restoreArchive(
  archive: string | AsyncIterable<Uint8Array>,
  to: TargetStorage,
  options: CopyOptions = {},
): Promise<CopyReport> {
  checkTarget(to);
  const decided = decideCopy(options);
  decided.signal?.throwIfAborted();
  const puts =
    typeof archive === 'string' ? readArchiveFile(archive) : readArchive(unpackedIfNeeded(archive));
  return await transfer({ puts }, to, decided);
}
