import { StorageError } from '@gati-framework/manifest-store';
import type { PersistedStore, SqlJsPersistence } from './persistence.js';

const VERSION = 1;
const SNAPSHOT = 'snapshot';
const LOG = 'log';
/** Beside the snapshot: who opened the store last. */
const OWNER = 'owner';

/**
 * Keeps a store in the browser's IndexedDB, in pages and in workers. One page
 * or worker of the site owns it at a time, by a Web Lock; a second one is
 * refused with `STORAGE_LOCKED`. Where a page was not loaded securely and has
 * no Web Locks, the second one becomes the owner, and the writes of the first
 * are refused with `STORAGE_REPLACED`.
 *
 * @param name Of the database; a site can have several.
 */
export function indexedDbPersistence(name = 'gati-storage'): SqlJsPersistence {
  return new IndexedDbPersistence(name);
}

class IndexedDbPersistence implements SqlJsPersistence {
  readonly location: string;
  readonly #name: string;
  #database: IDBDatabase | undefined;
  /** Ends the Web Lock. */
  #letGo: (() => void) | undefined;
  /** In place of a lock: what the database names as its owner. */
  #claim: number | undefined;
  #isGone = false;

  constructor(name: string) {
    this.#name = name;
    this.location = `IndexedDB ${name}`;
  }

  async acquire(): Promise<void> {
    const locks = (globalThis.navigator as Partial<Navigator> | undefined)?.locks;
    if (locks === undefined) return this.#claimDatabase();
    const isOurs = await new Promise<boolean>((resolve, reject) => {
      const held = locks.request(`gati-storage ${this.#name}`, { ifAvailable: true }, (lock) => {
        resolve(lock !== null);
        if (lock === null) return undefined;
        return new Promise<void>((letGo) => {
          this.#letGo = letGo;
        });
      });
      held.catch(reject);
    });
    if (isOurs) return;
    throw new StorageError(
      'STORAGE_LOCKED',
      `${this.location} is used by another page or worker of this site. Close it there, or share it through a SharedWorker.`,
    );
  }

  release(): void {
    this.#database?.close();
    this.#database = undefined;
    this.#isGone = false;
    this.#claim = undefined;
    this.#letGo?.();
    this.#letGo = undefined;
  }

  async load(): Promise<PersistedStore> {
    const transaction = (await this.#open()).transaction([SNAPSHOT, LOG], 'readonly');
    const [snapshot, log] = await Promise.all([
      resultOf<Uint8Array | undefined>(transaction.objectStore(SNAPSHOT).get(SNAPSHOT)),
      resultOf<Uint8Array[]>(transaction.objectStore(LOG).getAll()),
    ]);
    // Nobody releases what was never acquired, and a connection left open blocks the deletion of the database.
    if (this.#letGo === undefined && this.#claim === undefined) this.release();
    return { snapshot, log: concatenate(log) };
  }

  async save(snapshot: Uint8Array): Promise<void> {
    const transaction = await this.#write();
    transaction.objectStore(SNAPSHOT).put(withoutSurroundings(snapshot), SNAPSHOT);
    transaction.objectStore(LOG).clear();
    await endOf(transaction);
  }

  /** Pieces of the log are stored by their offset, so that they come back in order. */
  async append(bytes: Uint8Array, offset: number): Promise<void> {
    const transaction = await this.#write();
    transaction.objectStore(LOG).delete(IDBKeyRange.lowerBound(offset));
    transaction.objectStore(LOG).put(withoutSurroundings(bytes), offset);
    await endOf(transaction);
  }

  /** Throws `STORAGE_REPLACED` when the database is not there any more. */
  verify(): void {
    if (!this.#isGone) return;
    throw new StorageError(
      'STORAGE_REPLACED',
      `${this.location} was deleted while it was open: the data of the site were cleared. Close this storage and open it again.`,
    );
  }

  async #claimDatabase(): Promise<void> {
    const claim = Math.random();
    const transaction = (await this.#open()).transaction(SNAPSHOT, 'readwrite');
    transaction.objectStore(SNAPSHOT).put(claim, OWNER);
    await endOf(transaction);
    this.#claim = claim;
  }

  async #write(): Promise<IDBTransaction> {
    const database = await this.#open();
    this.verify();
    // Strict: complete means on the disk.
    const transaction = database.transaction([SNAPSHOT, LOG], 'readwrite', { durability: 'strict' });
    if (this.#claim !== undefined) {
      const owner = await resultOf<number>(transaction.objectStore(SNAPSHOT).get(OWNER));
      if (owner !== this.#claim) throw this.#takenOver();
    }
    return transaction;
  }

  async #open(): Promise<IDBDatabase> {
    if (this.#database !== undefined) return this.#database;
    const request = indexedDB.open(this.#name, VERSION);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(SNAPSHOT);
      request.result.createObjectStore(LOG);
    };
    const database = await resultOf<IDBDatabase>(request).catch((error: DOMException) => {
      throw error.name === 'VersionError' ? this.#tooNew(error) : error;
    });
    if (![SNAPSHOT, LOG].every((name) => database.objectStoreNames.contains(name))) {
      database.close();
      throw this.#foreign();
    }
    database.onclose = () => {
      this.#isGone = true;
    };
    this.#database = database;
    return database;
  }

  #takenOver(): StorageError {
    return new StorageError(
      'STORAGE_REPLACED',
      `${this.location} was opened by another page or worker since, which owns it now. Nothing of the write was stored. ` +
        'Close this storage; over HTTPS, the second one to open would have been refused instead.',
    );
  }

  #foreign(): StorageError {
    return new StorageError(
      'STORAGE_FOREIGN',
      `${this.location} belongs to something else; nothing was changed. Give the store another name.`,
    );
  }

  #tooNew(cause: unknown): StorageError {
    return new StorageError(
      'STORAGE_SCHEMA_TOO_NEW',
      `${this.location} was made by a newer version of this library, or by something else; nothing was changed. ` +
        'Update the storage package, or give the store another name.',
      { cause },
    );
  }
}

function resultOf<T>(request: IDBRequest): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result as T);
    request.onerror = () => reject(request.error);
  });
}

function endOf(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}

/** IndexedDB stores all of the memory that a view is a part of. */
function withoutSurroundings(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
}

function concatenate(pieces: readonly Uint8Array[]): Uint8Array | undefined {
  if (pieces.length === 0) return undefined;
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.byteLength, 0));
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.byteLength;
  }
  return whole;
}
