import { StorageError } from '@gati-framework/manifest-store';

// The errors of a store in IndexedDB, by what happened to it.

export function absent(location: string): StorageError {
  return new StorageError('STORAGE_UNAVAILABLE', `${location} does not exist, and is to be read only.`);
}

export function noIndexedDb(location: string, cause?: unknown): StorageError {
  const reason = cause instanceof Error ? ` (${cause.message})` : '';
  return new StorageError(
    'STORAGE_UNAVAILABLE',
    `${location} cannot be opened: there is no IndexedDB here, or none for this page${reason}. Sandboxed frames and some ` +
      'private windows have none. Give the option persistence something that is there, or leave it out: then the store is ' +
      'in memory.',
    { cause },
  );
}

export function ownedHere(location: string): StorageError {
  return new StorageError(
    'STORAGE_LOCKED',
    `${location} is used by another storage of this page or worker. Share that one, or close it first.`,
  );
}

export function ownedElsewhere(location: string): StorageError {
  return new StorageError(
    'STORAGE_LOCKED',
    `${location} is used by another page or worker of this site. Close it there, or share it through a SharedWorker.`,
  );
}

export function waitsForOthers(location: string): StorageError {
  return new StorageError(
    'STORAGE_LOCKED',
    `${location} does not open: its deletion or upgrade waits for a page or worker that still has it open. Close that ` +
      'one, and try again.',
  );
}

export function deleted(location: string): StorageError {
  return new StorageError(
    'STORAGE_REPLACED',
    `${location} was deleted while it was open: by this site, or because the data of the site were cleared. Nothing of a ` +
      'write since then was stored. Close this storage and open it again.',
  );
}

export function severed(location: string): StorageError {
  return new StorageError(
    'STORAGE_REPLACED',
    `The browser closed ${location} or failed to write to it: the data of the site were cleared, or the disk is full or failed. Unless they were ` +
      'cleared, everything acknowledged is there. Make room where there is none, then close this storage and open it again.',
  );
}

export function takenOver(location: string): StorageError {
  return new StorageError(
    'STORAGE_REPLACED',
    `${location} is no longer what this storage opened: another page or worker opened it since and owns it now, or it was ` +
      'made anew. Nothing of a write since then was stored. Close this storage; over HTTPS, the second one to open would ' +
      'have been refused instead.',
  );
}

export function lockTaken(location: string): StorageError {
  return new StorageError(
    'STORAGE_REPLACED',
    `The lock on ${location} was taken away from this storage (navigator.locks.request with steal), so another one may ` +
      'own the store now. Nothing of a write since then was stored. Close this storage and open it again.',
  );
}

export function foreign(location: string): StorageError {
  return new StorageError(
    'STORAGE_FOREIGN',
    `${location} belongs to something else; nothing was changed. Give the store another name.`,
  );
}

export function tooNew(location: string, cause: unknown): StorageError {
  return new StorageError(
    'STORAGE_SCHEMA_TOO_NEW',
    `${location} was made by a newer version of this library, or by something else; nothing was changed. ` +
      'Update the storage package, or give the store another name.',
    { cause },
  );
}
