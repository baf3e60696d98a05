import { StorageError } from '@gati-framework/manifest-store';
import { closed } from '@gati-framework/manifest-store/backend';
import type { PersistedStore } from '../persistence.js';
import { Connection, resultOf, type Stores } from './connection.js';
import { deleted, takenOver } from './errors.js';
import { openDatabase, SNAPSHOT } from './open-database.js';
import { readStore } from './read-store.js';

/** Beside the snapshot: who opened the store last. */
const CLAIM = 'owner';

/**
 * A database that this storage has claimed. Each transaction looks whether the
 * claim still stands, so that nothing is written to a database that somebody
 * else has opened since, or that was made anew. A connection that the browser
 * closed is replaced by the next transaction.
 */
export class OwnedDatabase {
  readonly #name: string;
  readonly #location: string;
  #connection: Promise<Connection> | undefined;
  /** Replaced with each snapshot, so that a log never goes on behind another snapshot than its own. */
  #claim: number | undefined;
  /** While a snapshot is saved: the claim that comes with it, there already if only the answer was lost. */
  #nextClaim: number | undefined;
  #refuse: (() => StorageError) | undefined;
  #isReleased = false;

  constructor(name: string, location: string) {
    this.#name = name;
    this.#location = location;
  }

  /** Becomes the owner, whoever it was before. Creates what is missing. */
  async claim(): Promise<void> {
    const claim = Math.random();
    await this.#run('readwrite', ({ snapshot }) => allOf([snapshot.put(claim, CLAIM)]));
    this.#claim = claim;
  }

  load(): Promise<PersistedStore> {
    return this.#run('readonly', readStore);
  }

  async save(content: Uint8Array): Promise<void> {
    const claim = Math.random();
    this.#nextClaim = claim;
    try {
      await this.#run('readwrite', ({ snapshot, log }) =>
        allOf([
          snapshot.put(withoutSurroundings(content), SNAPSHOT),
          snapshot.put(claim, CLAIM),
          log.clear(),
        ]),
      );
      this.#claim = claim;
    } finally {
      this.#nextClaim = undefined;
    }
  }

  /** Pieces of the log are stored by their offset, so that they come back in order. */
  append(bytes: Uint8Array, offset: number): Promise<void> {
    return this.#run('readwrite', ({ log }) =>
      allOf([log.delete(IDBKeyRange.lowerBound(offset)), log.put(withoutSurroundings(bytes), offset)]),
    );
  }

  /** Throws `STORAGE_REPLACED` once it is known that somebody else has the store. */
  verify(): void {
    if (this.#refuse !== undefined) throw this.#refuse();
  }

  /** Looks whether the claim still stands, for {@link verify}. */
  look(): void {
    this.#run('readonly', async () => {}).catch(() => {});
  }

  refuse(error: () => StorageError): void {
    this.#refuse ??= error;
  }

  release(): void {
    this.#isReleased = true;
    this.#disconnect();
  }

  async #run<T>(mode: 'readonly' | 'readwrite', work: (stores: Stores) => Promise<T>): Promise<T> {
    this.verify();
    try {
      return await this.#attempt(mode, work);
    } catch (error) {
      if (isFinal(error)) throw error;
    }
    return this.#attempt(mode, work);
  }

  async #attempt<T>(mode: 'readonly' | 'readwrite', work: (stores: Stores) => Promise<T>): Promise<T> {
    this.#connection ??= this.#connect();
    const connecting = this.#connection;
    try {
      const connection = await connecting;
      return await connection.run(mode, async (stores) => {
        const [result] = await Promise.all([work(stores), this.#assertOwned(stores)]);
        return result;
      });
    } catch (error) {
      if (!isFinal(error)) this.#disconnect();
      throw error;
    }
  }

  async #assertOwned({ snapshot }: Stores): Promise<void> {
    if (this.#claim === undefined) return;
    const found: unknown = await resultOf(snapshot.get(CLAIM));
    if (found === this.#claim || (found !== undefined && found === this.#nextClaim)) return;
    this.refuse(() => takenOver(this.#location));
    throw takenOver(this.#location);
  }

  #connect(): Promise<Connection> {
    const connecting = this.#open(() => {
      if (this.#connection !== connecting) return;
      this.#connection = undefined;
      this.look();
    });
    connecting.catch(() => {
      if (this.#connection === connecting) this.#connection = undefined;
    });
    return connecting;
  }

  async #open(ended: () => void): Promise<Connection> {
    const isFirst = this.#claim === undefined;
    const database = await openDatabase(this.#name, this.#location, { create: isFirst }).catch((error) => {
      const isOther = error instanceof StorageError && error.code !== 'STORAGE_LOCKED';
      if (isOther && !isFirst) this.refuse(() => error);
      throw error;
    });
    if (database === undefined) {
      this.refuse(() => deleted(this.#location));
      throw deleted(this.#location);
    }
    const connection = new Connection(database, ended);
    if (!this.#isReleased) return connection;
    connection.close();
    throw closed();
  }

  #disconnect(): void {
    this.#connection?.then(
      (connection) => connection.close(),
      () => {},
    );
    this.#connection = undefined;
  }
}

/** What another connection would not change. */
function isFinal(error: unknown): boolean {
  return error instanceof StorageError || (error as DOMException | null)?.name === 'QuotaExceededError';
}

async function allOf(requests: readonly IDBRequest[]): Promise<void> {
  await Promise.all(requests.map((request) => resultOf(request)));
}

/** IndexedDB stores all of the memory that a view is a part of. */
function withoutSurroundings(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
}
