import { stat } from 'node:fs/promises';
import { parseStorageUrl } from '../open/storage-url.js';
import { inspectStore } from '../schema/inspect-store.js';

/**
 * Whether two URLs name one store: one file, whatever its names and the backends are, or one schema of one database, whatever
 * its server is called. A file that is not there yet is no other store's.
 *
 * @throws As `inspectStore` does.
 */
export async function isSameStore(one: string, other: string): Promise<boolean> {
  const [first, second] = [parseStorageUrl(one), parseStorageUrl(other)];
  if (first.scheme.names !== second.scheme.names) return false;
  if (first.scheme.names === 'file') return await isSameFile(first.rest, second.rest);
  if (first.scheme.names === 'nothing') return false;
  const [here, there] = [await inspectStore(one), await inspectStore(other)];
  return here.instance === there.instance && here.database === there.database && here.schema === there.schema;
}

/** By device and inode, as links have names of their own. */
async function isSameFile(one: string, other: string): Promise<boolean> {
  const [here, there] = await Promise.all([inodeOf(one), inodeOf(other)]);
  return here !== undefined && here === there;
}

async function inodeOf(file: string): Promise<string | undefined> {
  const found = await stat(file, { bigint: true }).catch(() => undefined);
  return found && `${found.dev}:${found.ino}`;
}
