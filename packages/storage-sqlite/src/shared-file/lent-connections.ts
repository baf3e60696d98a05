import { StorageError } from '@gati-framework/manifest-store';

/** Connections that a storage uses: two on one would not hear of each other's commits. */
const claimed = new WeakSet<object>();

/** @throws `STORAGE_LOCKED` when another storage of this process uses it. */
export function claimConnection(handle: object, location: string): void {
  if (claimed.has(handle)) {
    throw new StorageError(
      'STORAGE_LOCKED',
      `The connection to ${location} is used by another storage of this process. Share that storage, or give each a connection of its own.`,
    );
  }
  claimed.add(handle);
}

export function unclaimConnection(handle: object): void {
  claimed.delete(handle);
}
