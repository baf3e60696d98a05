import { StorageError } from '@gati-framework/manifest-store';
import { closed } from '@gati-framework/manifest-store/backend';
import type { PersistedStore } from '../persistence.js';
import { Connection, type ConnectionListener, resultOf, type Stores } from './connection.js';
import { deleted, severed, takenOver } from './errors.js';
import { openDatabase, SNAPSHOT } from './open-database.js';
import { readStore } from './read-store.js';

/** Beside the snapshot: who opened the store last. */
const CLAIM = 'owner';

/**
 * A database that this storage has claimed. Each transaction looks whether the
 * claim still stands, so that nothing is written to a database that somebody
 * else has opened since, or that was made anew. A connection that made way for
 * a deletion or an upgrade by the site is replaced, to see what became of it.
 */
export class OwnedDatabase {
  readonly #name: string;
  readonly #location: string;
  #connection: Promise<Connection> | undefined;
  /** Replaced with each snapshot, so that a log never goes on behind another snapshot than its own. */
  #claim: number | undefined;
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
    await this.#run('readwrite', ({ snapshot, log }) =>
      allOf([snapshot.put(withoutSurroundings(content), SNAPSHOT), snapshot.put(claim, CLAIM), log.clear()]),
    );
    this.#claim = claim;
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
    this.#connection ??= this.#connect();
    const connection = await this.#connection;
    try {
      return await connection.run(mode, async (stores) => {
        // Asks first: requests are answered in order, and a snapshot brings a new claim.
        const [, result] = await Promise.all([this.#assertOwned(stores), work(stores)]);
        return result;
      });
    } catch (error) {
      this.verify(); // says more than a transaction that was cut off
      if (!isRecoverable(error)) this.refuse(() => severed(this.#location));
      throw error;
    }
  }

  async #assertOwned({ snapshot }: Stores): Promise<void> {
    if (this.#claim === undefined) return;
    const found: unknown = await resultOf(snapshot.get(CLAIM));
    if (found === this.#claim) return;
    this.refuse(() => takenOver(this.#location));
    throw takenOver(this.#location);
  }

  #connect(): Promise<Connection> {
    const connecting = this.#open({
      severed: () => this.refuse(() => severed(this.#location)),
      yielded: () => {
        if (this.#connection !== connecting) return;
        this.#connection = undefined;
        this.look();
      },
    });
    connecting.catch(() => {
      if (this.#connection === connecting) this.#connection = undefined;
    });
    return connecting;
  }

  async #open(listener: ConnectionListener): Promise<Connection> {
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
    const connection = new Connection(database, listener);
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

/**
 * Whether another write may follow. After a failure of the disk it must not: on
 * a full one, Chromium 147 was seen to refuse a snapshot, which left the database
 * as it was, and to destroy the database when a small write followed.
 */
function isRecoverable(error: unknown): boolean {
  return error instanceof StorageError || (error as DOMException | null)?.name === 'QuotaExceededError';
}

async function allOf(requests: readonly IDBRequest[]): Promise<void> {
  await Promise.all(requests.map((request) => resultOf(request)));
}

/** IndexedDB stores all of the memory that a view is a part of. */
function withoutSurroundings(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
}
