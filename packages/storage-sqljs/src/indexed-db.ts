import { StorageError } from '@gati-framework/manifest-store';
import type { PersistedStore, SqlJsPersistence } from './persistence.js';

const SNAPSHOT = 'snapshot';
const LOG = 'log';

/**
 * Keeps a store in the browser's IndexedDB, in pages and in workers. One page
 * or worker of the site owns it at a time, by a Web Lock; a second one is
 * refused with `STORAGE_LOCKED`.
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
  #letGo: (() => void) | undefined;

  constructor(name: string) {
    this.#name = name;
    this.location = `IndexedDB ${name}`;
  }

  async acquire(): Promise<void> {
    // Absent where the page was not loaded securely.
    const locks = (globalThis.navigator as Partial<Navigator> | undefined)?.locks;
    if (locks === undefined) return;
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
    this.#letGo?.();
    this.#letGo = undefined;
  }

  async load(): Promise<PersistedStore> {
    const transaction = (await this.#open()).transaction([SNAPSHOT, LOG], 'readonly');
    const snapshot = resultOf<Uint8Array | undefined>(transaction.objectStore(SNAPSHOT).get(SNAPSHOT));
    const log = resultOf<Uint8Array[]>(transaction.objectStore(LOG).getAll());
    return { snapshot: await snapshot, log: concatenate(await log) };
  }

  async save(snapshot: Uint8Array): Promise<void> {
    const transaction = await this.#write();
    transaction.objectStore(SNAPSHOT).put(snapshot, SNAPSHOT);
    transaction.objectStore(LOG).clear();
    await endOf(transaction);
  }

  /** Pieces of the log are stored by their offset, so that they come back in order. */
  async append(bytes: Uint8Array, offset: number): Promise<void> {
    const transaction = await this.#write();
    transaction.objectStore(LOG).delete(IDBKeyRange.lowerBound(offset));
    transaction.objectStore(LOG).put(bytes, offset);
    await endOf(transaction);
  }

  async #write(): Promise<IDBTransaction> {
    // Strict: complete means on the disk.
    return (await this.#open()).transaction([SNAPSHOT, LOG], 'readwrite', { durability: 'strict' });
  }

  async #open(): Promise<IDBDatabase> {
    if (this.#database === undefined) {
      const request = indexedDB.open(this.#name, 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore(SNAPSHOT);
        request.result.createObjectStore(LOG);
      };
      this.#database = await resultOf<IDBDatabase>(request);
    }
    return this.#database;
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
