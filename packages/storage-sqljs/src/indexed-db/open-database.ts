import { type Timer, timers } from '@gati-framework/manifest-store/backend';
import { foreign, noIndexedDb, tooNew, waitsForOthers } from './errors.js';

const VERSION = 1;
/** Holds the snapshot and, beside it, the claim of the owner. */
export const SNAPSHOT = 'snapshot';
export const LOG = 'log';

/** Milliseconds that a database may take longer to open than the list of all databases takes to read. */
const PATIENCE = 500;

/**
 * Opens a database of IndexedDB.
 *
 * @returns `undefined` when there is none and none is to be created.
 * @throws `STORAGE_LOCKED` when it waits for others to close it, which nothing else would ever tell.
 */
export async function openDatabase(
  name: string,
  location: string,
  { create }: { create: boolean },
): Promise<IDBDatabase | undefined> {
  const { request, answered, abandon } = requestDatabase(name, location, create);
  const patience = losePatience(location);
  try {
    const database = await Promise.race([answered, patience.lost]);
    if (database === undefined || isStore(database)) return database;
    database.close();
  } catch (error) {
    abandon();
    throw (error as DOMException).name === 'VersionError' ? tooNew(location, request.error) : error;
  } finally {
    patience.end();
  }
  throw foreign(location);
}

function isStore({ objectStoreNames }: IDBDatabase): boolean {
  return [SNAPSHOT, LOG].every((store) => objectStoreNames.contains(store));
}

function requestDatabase(name: string, location: string, create: boolean) {
  const request = openRequest(name, location);
  let isWanted = true;
  let isAbsent = false;
  const answered = new Promise<IDBDatabase | undefined>((resolve, reject) => {
    request.onupgradeneeded = () => {
      if (create && isWanted) return createStores(request.result);
      isAbsent = true;
      return request.transaction?.abort();
    };
    request.onsuccess = () => {
      if (isWanted) resolve(request.result);
      else request.result.close();
    };
    request.onerror = () => {
      if (isAbsent) resolve(undefined);
      else reject(request.error);
    };
  });
  const abandon = () => {
    isWanted = false;
  };
  return { request, answered, abandon };
}

/** Where a page may not keep anything, already the name `indexedDB` throws, or stands for nothing. */
function openRequest(name: string, location: string): IDBOpenDBRequest {
  try {
    return indexedDB.open(name, VERSION);
  } catch (cause) {
    throw noIndexedDb(location, cause);
  }
}

function createStores(database: IDBDatabase): void {
  database.createObjectStore(SNAPSHOT);
  database.createObjectStore(LOG);
}

/**
 * A slow browser is given all the time it needs; but the list of the databases
 * waits for nobody, so when it has long been there and the database has not, a
 * pending deletion is in the way.
 */
function losePatience(location: string): { lost: Promise<never>; end(): void } {
  let timer: Timer | undefined;
  let isOver = false;
  const lost = new Promise<never>((_, reject) => {
    const wait = () => {
      if (!isOver) timer = timers.setTimeout(() => reject(waitsForOthers(location)), PATIENCE);
    };
    Promise.resolve(indexedDB.databases?.()).then(wait, wait);
  });
  const end = () => {
    isOver = true;
    if (timer !== undefined) timers.clearTimeout(timer);
  };
  return { lost, end };
}
