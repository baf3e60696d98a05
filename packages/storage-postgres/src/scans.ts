import type { RecordKind, Revision } from '@gati-framework/manifest-store';
import { belongsToHandler, closed, RECORD_KINDS } from '@gati-framework/manifest-store/backend';
import type { ScanFilter, StoredRecord } from '@gati-framework/storage-kit';
import { type Connections, giveBack } from './connections.js';
import type { PostgresClient, PostgresQuery, PostgresResult } from './postgres-pool.js';
import { type Statement, statement } from './query.js';
import { type Row, toStoredRecord } from './rows.js';
import type { Statements } from './statements.js';

const PAGE = 500;

const end = statement('COMMIT', false);

/** Iterations over the store: each holds a connection, and with it one moment of the store, until it ends. */
export class Scans {
  readonly #connections: Connections;
  readonly #statements: Statements;
  /** The connections that are held, each with how to take it away from its scan. */
  readonly #held = new Map<PostgresClient, (reason: unknown) => void>();

  readonly #begin: Statement;
  readonly #onMoment: (revision: Revision) => Promise<void>;

  /**
   * @param onMoment Awaited before anything of a scan is shown, with the revision of the store that it shows; throws
   *   when another moment is to be taken.
   * @param idleTimeout How long a consumer may take between two pages, in milliseconds.
   */
  constructor(
    connections: Connections,
    statements: Statements,
    onMoment: (revision: Revision) => Promise<void>,
    idleTimeout: number,
  ) {
    this.#connections = connections;
    this.#statements = statements;
    this.#onMoment = onMoment;
    this.#begin = statement(
      `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL idle_in_transaction_session_timeout = ${idleTimeout}; ` +
        statements.state().text,
      false,
    );
  }

  async *scan(filter: ScanFilter): AsyncIterableIterator<readonly StoredRecord[]> {
    const client = await this.#start();
    /** Why the connection is not this scan's any more. */
    let taken: unknown;
    const take = (reason: unknown): void => {
      if (!this.#held.delete(client)) return;
      taken = reason;
      client.removeListener('error', take);
      giveBack(client, true);
    };
    this.#held.set(client, take);
    // Also the server ends it, when whoever iterates has gone away without a word.
    client.on('error', take);
    let isBroken = true;
    try {
      for await (const page of this.#pages(client, filter)) {
        yield page;
        if (taken !== undefined) throw taken;
      }
      await client.query(end());
      isBroken = false;
    } catch (error) {
      throw this.#connections.translate(taken ?? error);
    } finally {
      // One that was left early is still inside its transaction, and is not worth a round trip to save.
      if (this.#held.delete(client)) {
        client.removeListener('error', take);
        giveBack(client, isBroken);
      }
    }
  }

  /** Takes the connections back, whatever their scans are doing. */
  close(): void {
    for (const take of [...this.#held.values()]) take(closed());
  }

  #start(): Promise<PostgresClient> {
    return this.#connections.retry(async () => {
      const client = await this.#connections.borrow();
      try {
        await this.#onMoment(revisionOf(await client.query(this.#begin())));
        return client;
      } catch (error) {
        giveBack(client, true); // it may be inside its transaction
        throw error;
      }
    });
  }

  async *#pages(client: PostgresClient, { kinds, handlerId }: ScanFilter): AsyncIterable<StoredRecord[]> {
    for (const kind of kinds) {
      if (handlerId !== undefined && !belongsToHandler(kind)) continue;
      let after = 0;
      for (;;) {
        const rows: Row[] = (await client.query(this.#page(kind, after, handlerId))).rows;
        if (rows.length > 0) yield rows.map((row) => toStoredRecord(kind, row) as StoredRecord);
        if (rows.length < PAGE) break;
        after = (rows.at(-1) as [number])[0];
      }
    }
  }

  #page(kind: RecordKind, after: number, handlerId: string | undefined): PostgresQuery {
    const { scan, scanByKey, scanByLookup } = this.#statements;
    if (handlerId === undefined) return scan([kind, after, PAGE]);
    const isInKey = RECORD_KINDS[kind].keyFields[0] === 'handlerId';
    return (isInKey ? scanByKey : scanByLookup)([kind, after, PAGE, handlerId]);
  }
}

/** The statement is several, of which the last tells the state. */
function revisionOf(results: unknown): Revision {
  const last = (results as PostgresResult[]).at(-1) as PostgresResult;
  return (last.rows[0] as [string, Revision])[1];
}
