import type { PutChange, Storage } from '@gati-framework/manifest-store';
import { checkedPut, invalidOption, preparePut } from '@gati-framework/manifest-store/backend';
import { countRecords } from '../count-records.js';
import { type CopyOptions, decideCopy } from './copy-options.js';
import { checkMethods, checkTarget, type TargetStorage } from './target.js';
import { type CopyReport, transfer } from './transfer.js';

/**
 * Stores every record of one storage, as of one moment, in another one, whatever their backends are: in one commit, so all of it
 * or nothing, and in the same order, so that lists and the latest of equal `createdAt` are the same. Then it is read back and
 * compared, by count and digest. A copy that was cut short can be made again, and one that was made says so.
 *
 * Memory does not grow with the source where the target takes a stream of changes (SQLite files, PostgreSQL).
 * The history stays behind: the copy is one commit of the target.
 *
 * @example
 * import { openStorage } from '@gati-framework/storage-tools';
 * import { copyStorage } from '@gati-framework/storage-tools/copy';
 *
 * await using from = await openStorage('sqljs:./gati.db', { readOnly: true });
 * await using to = await openStorage('memory:');
 * const { records, sha256 } = await copyStorage(from, to);
 * console.log(records, sha256);
 *
 * @throws StorageError `TARGET_NOT_EMPTY` when the target holds records and `mode` does not say what becomes of them;
 *   `STORAGE_CONFLICT` when somebody commits to the target meanwhile, as far as it can tell; `COPY_DIFFERS` when what is
 *   read back differs; and all that reading and committing throws, of records that cannot be read as well.
 */
export async function copyStorage(
  from: Pick<Storage, 'entries' | 'stats'>,
  to: TargetStorage,
  options: CopyOptions = {},
): Promise<CopyReport> {
  checkMethods(from, 'from', ['entries', 'stats']);
  checkTarget(to);
  if (Object.is(from, to)) throw invalidOption('to', 'is the storage that is copied: name another one');
  const decided = decideCopy(options);
  decided.signal?.throwIfAborted();
  const count = countRecords(await from.stats());
  return await transfer({ count, puts: putsOf(from) }, to, decided);
}

/** Checked here, so that the text that is made of each for the digest is what is stored, too. */
async function* putsOf(storage: Pick<Storage, 'entries'>): AsyncGenerator<PutChange> {
  for await (const { kind, value } of storage.entries())
    yield checkedPut(preparePut(kind, value, Number.POSITIVE_INFINITY));
}
