import { belongsToHandler, closed } from '@gati-framework/manifest-store/backend';
import type { ScanFilter, StoredRecord } from '@gati-framework/storage-kit';
import { type Connections, giveBack } from './connections.js';
import type { PostgresClient } from './postgres-pool.js';
import { statement } from './query.js';
import { type Row, toStoredRecord } from './rows.js';
import type { Statements } from './statements.js';
import { isDefinite } from './translate-error.js';

const PAGE = 500;

const begin = statement('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', false);
const end = statement('COMMIT', false);

/** Iterations over the store: each holds a connection, and with it one moment of the store, until it ends. */
export class Scans {
  readonly #connections: Connections;
  readonly #statements: Statements;
  /** The connections that are held, each with how to take it away from its scan. */
  readonly #held = new Map<PostgresClient, () => void>();

  constructor(connections: Connections, statements: Statements) {
    this.#connections = connections;
    this.#statements = statements;
  }

  async *scan(filter: ScanFilter): AsyncIterableIterator<readonly StoredRecord[]> {
    const client = await this.#begin();
    let isTaken = false;
    this.#held.set(client, () => {
      isTaken = true;
      giveBack(client, true);
    });
    let isBroken = true;
    try {
      for await (const page of this.#pages(client, filter)) {
        yield page;
        if (isTaken) throw closed();
      }
      await client.query(end());
      isBroken = false;
    } catch (error) {
      if (isTaken) throw closed();
      throw this.#connections.translate(error);
    } finally {
      // One that was left early is still inside its transaction, and is not worth a round trip to save.
      if (this.#held.delete(client) && !isTaken) giveBack(client, isBroken);
    }
  }

  /** Takes the connections back, whatever their scans are doing. */
  close(): void {
    const held = [...this.#held.values()];
    this.#held.clear();
    for (const take of held) take();
  }

  #begin(): Promise<PostgresClient> {
    return this.#connections.retry(async () => {
      const client = await this.#connections.borrow();
      try {
        await client.query(begin());
        return client;
      } catch (error) {
        giveBack(client, !isDefinite(error));
        throw error;
      }
    });
  }

  async *#pages(client: PostgresClient, { kinds, handlerId }: ScanFilter): AsyncIterable<StoredRecord[]> {
    for (const kind of kinds) {
      if (handlerId !== undefined && !belongsToHandler(kind)) continue;
      let after = 0;
      for (;;) {
        const query = this.#statements.scan([kind, after, PAGE, handlerId ?? null]);
        const rows: Row[] = (await client.query(query)).rows;
        if (rows.length > 0) yield rows.map((row) => toStoredRecord(kind, row) as StoredRecord);
        if (rows.length < PAGE) break;
        after = (rows.at(-1) as [number])[0];
      }
    }
  }
}
