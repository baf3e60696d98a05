import { StorageError } from '@gati-framework/manifest-store';

interface Users {
  readonly library: string;
  count: number;
}

/** By file. One for all copies of this module, of which an application may load several. */
const REGISTRY = Symbol.for('@gati-framework/storage-sqlite/libraries');

/**
 * Notes that a file is open through a library, until the function that is
 * returned is called. On POSIX, locks belong to the process: of two libraries in
 * it, each with an SQLite of its own, neither sees the other's, and whichever
 * closes the file drops the locks of both.
 *
 * @param library The name of its driver.
 * @throws `STORAGE_LOCKED` when this process has the file open through another one.
 */
export function useLibrary(library: string, filename: string): () => void {
  const registry = globalThis as { [REGISTRY]?: Map<string, Users> };
  registry[REGISTRY] ??= new Map();
  const files = registry[REGISTRY];
  const users = files.get(filename) ?? { library, count: 0 };
  if (users.library !== library) throw inUse(filename, users.library, library);
  users.count += 1;
  files.set(filename, users);
  return () => {
    users.count -= 1;
    if (users.count === 0) files.delete(filename);
  };
}

function inUse(filename: string, library: string, wanted: string): StorageError {
  return new StorageError(
    'STORAGE_LOCKED',
    `${filename} is open through ${library} in this process, and ${wanted} has an SQLite of its own: within one process ` +
      "the two would undo each other's locks. Close the other storage first, or use the same package for both.",
  );
}
