import { openStorage } from '../open/open-storage.js';
import { inspectStore } from './inspect-store.js';

/** From which schema version to which a store was brought; the same twice where there was nothing to do. */
export interface Migration {
  readonly from: number;
  readonly to: number;
}

/**
 * Brings a store to the newest schema that this library knows, or makes one. All steps are taken, or none; a store that
 * is newer stays as it is. `memory:` has no schema, and is of version 0.
 *
 * @throws StorageError As opening the storage does, such as `STORAGE_LOCKED` when somebody else has it.
 */
export async function migrateStore(url: string): Promise<Migration> {
  const { schemaVersion: from = 0, knownVersion = 0 } = await inspectStore(url);
  await using storage = await openStorage(url);
  await storage.open();
  return { from, to: Math.max(from, knownVersion) };
}
