import { StorageError } from '@gati-framework/manifest-store';
import { lockTaken } from './indexed-db/errors.js';
import { OwnedDatabase } from './indexed-db/owned-database.js';
import { announceOwner, type Ownership, takeLock } from './indexed-db/ownership.js';
import { readOnce } from './indexed-db/read-store.js';
import type { PersistedStore, SqlJsPersistence } from './persistence.js';

/**
 * Keeps a store in the browser's IndexedDB, in pages and in workers. One page
 * or worker of the site owns it at a time, by a Web Lock; a second one is
 * refused with `STORAGE_LOCKED`. Where a page was not loaded securely and has
 * no Web Locks, the second one becomes the owner, and the first is refused with
 * `STORAGE_REPLACED`: its writes at once, its reads as soon as it hears of it.
 *
 * When the browser closes the database, because the data of the site are
 * cleared or for want of disk space, and when the site itself deletes it, which
 * waits for nothing, every further call rejects with `STORAGE_REPLACED`: close
 * the storage, and open it again.
 *
 * @param name Of the database; a site can have several.
 */
export function indexedDbPersistence(name = 'gati-storage'): SqlJsPersistence {
  if (typeof name !== 'string') {
    throw new StorageError('INVALID_OPTIONS', 'name must be a string: that of the database.', {
      path: 'name',
    });
  }
  return new IndexedDbPersistence(name);
}

class IndexedDbPersistence implements SqlJsPersistence {
  readonly location: string;
  readonly #name: string;
  #database: OwnedDatabase | undefined;
  #ownership: Ownership | undefined;

  constructor(name: string) {
    this.#name = name;
    this.location = `IndexedDB ${name}`;
  }

  async acquire(): Promise<void> {
    const locks = (globalThis.navigator as Partial<Navigator> | undefined)?.locks;
    const database = new OwnedDatabase(this.#name, this.location);
    this.#database = database;
    try {
      const taken = () => database.refuse(() => lockTaken(this.location));
      if (locks !== undefined) this.#ownership = await takeLock(locks, this.#name, this.location, taken);
      await database.claim();
      // After the claim, so that whoever hears of it finds it.
      this.#ownership ??= announceOwner(this.#name, () => database.look());
    } catch (error) {
      await this.release();
      throw error;
    }
  }

  async release(): Promise<void> {
    this.#database?.release();
    this.#database = undefined;
    const ownership = this.#ownership;
    this.#ownership = undefined;
    await ownership?.release();
  }

  load(): Promise<PersistedStore> {
    return this.#database?.load() ?? readOnce(this.#name, this.location);
  }

  save(snapshot: Uint8Array): Promise<void> {
    return this.#owned.save(snapshot);
  }

  append(bytes: Uint8Array, offset: number): Promise<void> {
    return this.#owned.append(bytes, offset);
  }

  verify(): void {
    this.#database?.verify();
  }

  get #owned(): OwnedDatabase {
    if (this.#database !== undefined) return this.#database;
    throw new StorageError('STORAGE_READONLY', `${this.location} is only read by this storage.`);
  }
}
