import { LOG, SNAPSHOT } from './open-database.js';

export interface Stores {
  readonly snapshot: IDBObjectStore;
  readonly log: IDBObjectStore;
}

/** Hears when a connection is not to be used any more, though `close()` was not called. */
export interface ConnectionListener {
  /** The browser closed it. */
  severed(): void;
  /** It made way for a deletion or an upgrade. */
  yielded(): void;
}

/**
 * A connection that the browser may close at any time: because the data of the
 * site are cleared, because the disk is full, or because the site deletes the
 * database. Whatever waits is told then, though its transaction hears nothing.
 */
export class Connection {
  readonly #database: IDBDatabase;
  readonly #waiting = new Set<(reason: Error) => void>();

  constructor(database: IDBDatabase, { severed, yielded }: ConnectionListener) {
    this.#database = database;
    database.onclose = () => {
      severed();
      for (const reject of this.#waiting) reject(new Error('the browser closed the database'));
    };
    // Somebody deletes or upgrades the database, and waits for this. What is under way comes to its end first.
    database.onversionchange = () => {
      database.close();
      yielded();
    };
  }

  /**
   * Runs requests in one transaction.
   *
   * @returns What `work` returns, once the transaction is complete: on the disk, if it writes.
   */
  run<T>(mode: 'readonly' | 'readwrite', work: (stores: Stores) => Promise<T>): Promise<T> {
    let settle = (_: Error) => {};
    return new Promise<T>((resolve, reject) => {
      settle = reject;
      this.#waiting.add(settle);
      // Strict: complete means on the disk.
      const transaction = this.#database.transaction([SNAPSHOT, LOG], mode, { durability: 'strict' });
      const completed = new Promise<void>((complete) => {
        transaction.oncomplete = () => complete();
      });
      // A connection closed by force tells of the one, of the other or of neither.
      transaction.onerror = ({ target }) => reject((target as IDBRequest).error);
      transaction.onabort = () => reject(transaction.error ?? new Error('the transaction was aborted'));
      const stores = { snapshot: transaction.objectStore(SNAPSHOT), log: transaction.objectStore(LOG) };
      Promise.all([work(stores), completed]).then(
        ([result]) => resolve(result),
        (error) => {
          reject(error);
          abort(transaction);
        },
      );
    }).finally(() => this.#waiting.delete(settle));
  }

  close(): void {
    this.#database.close();
  }
}

export function resultOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function abort(transaction: IDBTransaction): void {
  try {
    transaction.abort();
  } catch {
    // It has ended already.
  }
}
