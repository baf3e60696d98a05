import { openStorage } from '../open/open-storage.js';
import { parseStorageUrl } from '../open/storage-url.js';
import { type FileTools, sqliteTools, sqljsTools } from './inspect-store.js';

/**
 * Removes the file of a store to which nobody has ever committed anything and which nobody uses, as work that failed may leave
 * it. Any other is left as it is, and so are `postgres:` and `memory:`.
 *
 * @returns Whether it was removed.
 * @throws StorageError As opening the storage to read it does.
 */
export async function removeEmptyStore(url: string): Promise<boolean> {
  const { scheme, rest } = parseStorageUrl(url);
  if (scheme.names !== 'file') return false;
  const tools: FileTools = scheme.form.startsWith('sqljs:') ? await sqljsTools() : await sqliteTools();
  // What is committed after this look changes it.
  const state = tools.stateOfFile(rest);
  if (state === undefined || (await revisionOf(url)) > 0) return false;
  return tools.removeUnused(rest, state);
}

async function revisionOf(url: string): Promise<number> {
  await using storage = await openStorage(url, { readOnly: true });
  return (await storage.stats()).revision;
}
