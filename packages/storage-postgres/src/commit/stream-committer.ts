import { StorageError } from '@gati-framework/manifest-store';
import type { CommitTerms, EncodedChange } from '@gati-framework/storage-kit';
import type { Connections } from '../connections/connections.js';
import type { PostgresClient } from '../connections/postgres-pool.js';
import { type Statement, statement } from '../connections/query.js';
import { inTransaction } from '../connections/transaction.js';
import { isDefinite, isTransient } from '../errors/conditions.js';
import { messageOf } from '../errors/postgres-error.js';
import { numberAt } from '../sql/row-values.js';
import { headOf } from '../sql/rows.js';
import type { Statements } from '../sql/statements.js';
import { confirmed, inDoubt } from './certainty.js';
import { ChangeStream } from './change-stream.js';
import type { CommittedGroup } from './commit-answer.js';
import { StreamTransaction } from './stream-transaction.js';

export interface CommittedStream {
  readonly committed: CommittedGroup;
  readonly changeCount: number;
}

/** How long to wait: for the commit of another, for a statement, and for the next changes, in milliseconds. */
export interface StreamTimeouts {
  readonly lockTimeout: number;
  readonly statementTimeout: number;
  readonly scanIdleTimeout: number;
}

/** Makes commits of changes that come in batches: each a transaction that holds a connection, and the lock of the store. */
export class StreamCommitter {
  readonly #connections: Connections;
  readonly #statements: Statements;
  readonly #lockTimeout: string;
  readonly #begin: Statement;

  constructor(
    connections: Connections,
    statements: Statements,
    { lockTimeout, statementTimeout, scanIdleTimeout }: StreamTimeouts,
  ) {
    this.#connections = connections;
    this.#statements = statements;
    this.#lockTimeout = String(lockTimeout);
    this.#begin = statement(
      `BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL statement_timeout = ${statementTimeout}; ` +
        `SET LOCAL idle_in_transaction_session_timeout = ${scanIdleTimeout}`,
      false,
    );
  }

  /**
   * The batches cannot be had again, so there is one attempt: when its connection is lost, nothing has happened, unless
   * it was lost at the very end; then the server is asked.
   */
  async commit(
    batches: AsyncIterable<readonly EncodedChange[]>,
    terms: CommitTerms,
  ): Promise<CommittedStream> {
    const { client, stream, begun } = await this.#start(terms);
    const transaction = new StreamTransaction(client);
    try {
      const isRefused = begun.outcomes.some(({ error }) => error !== undefined);
      if (!isRefused) await transaction.take(batches, (changes) => stream.add(changes));
      const { changeCount } = stream;
      if (changeCount === 0) {
        await transaction.undo();
        return { committed: begun, changeCount };
      }
      await transaction.commit().catch((error) => this.#settle(error, stream, begun));
      return { committed: stream.madeOf(begun), changeCount };
    } catch (error) {
      if (error instanceof StorageError) throw error;
      const reason = transaction.lost ?? error;
      throw isDefinite(reason) || !isTransient(reason)
        ? this.#connections.translate(reason)
        : lostMidway(reason);
    } finally {
      transaction.giveBack();
    }
  }

  async #start(
    terms: CommitTerms,
  ): Promise<{ client: PostgresClient; stream: ChangeStream; begun: CommittedGroup }> {
    let started: { stream: ChangeStream; begun: CommittedGroup } | undefined;
    const client = await this.#connections.retry(() =>
      this.#connections.keep(async (borrowed) => {
        await borrowed.query(this.#begin());
        const stream = new ChangeStream(borrowed, this.#statements, terms, this.#lockTimeout);
        started = { stream, begun: await stream.begin() };
      }),
    );
    if (started === undefined) throw new TypeError('a connection was kept without a transaction on it');
    return { client, ...started };
  }

  /** The answer to the end of the transaction was lost: asks whether it was made. */
  async #settle(cause: unknown, { operation }: ChangeStream, { base }: CommittedGroup): Promise<void> {
    if (isDefinite(cause)) throw cause;
    let outcome: 'made' | 'unknown' | 'not made';
    try {
      outcome = await this.#connections.retry((onUnderWay) =>
        this.#connections.use((client) => this.#ask(client, operation, base), onUnderWay),
      );
    } catch (error) {
      throw inDoubt(error, operation);
    }
    if (outcome === 'unknown') throw inDoubt(cause, operation);
    if (outcome === 'not made') throw lostMidway(cause);
  }

  /** Under the lock of the store, which the transaction had: it is over by then. */
  #ask(client: PostgresClient, operation: string, base: number): Promise<'made' | 'unknown' | 'not made'> {
    return confirmed(client, () =>
      inTransaction(client, async () => {
        const head = headOf((await client.query(this.#statements.lock([this.#lockTimeout]))).rows);
        const { rows } = await client.query(this.#statements.committed([operation, this.#lockTimeout]));
        if (rows.length > 0) return 'made';
        return numberAt(head, 1) > base ? 'unknown' : 'not made';
      }),
    );
  }
}

function lostMidway(cause: unknown): StorageError {
  return new StorageError(
    'STORAGE_UNAVAILABLE',
    `The connection was lost during a commit whose changes come one after the other: ${messageOf(cause)} Nothing of it ` +
      'was stored. Make it again, from its first change.',
    { cause },
  );
}
