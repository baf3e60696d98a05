import type pg from 'pg';
import { AnswerDeadline } from './answer-deadline.js';
import type { PostgresClient, PostgresQuery, PostgresResult } from './postgres-pool.js';
import { type DescribedStatements, PreparedQuery, type Wire, wireOf } from './prepared-query.js';

/** A connection of a pool of our own, lent again and again. */
export class ServerConnection implements PostgresClient {
  readonly #client: pg.PoolClient;
  readonly #timeout: number;
  readonly #wire: Wire | undefined;
  readonly #described: DescribedStatements = new Map();
  readonly #deadline = new AnswerDeadline(() => this.#underWay?.(new Error('Query read timeout')));
  /** Ends the wait for the newest statement that is under way. */
  #underWay: ((error: Error) => void) | undefined;

  /** @param timeout After which nobody waits for the answer of a statement that has no other, in milliseconds. */
  constructor(client: pg.PoolClient, timeout: number) {
    this.#client = client;
    this.#timeout = timeout;
    this.#wire = wireOf(client);
  }

  query(query: PostgresQuery): Promise<PostgresResult> {
    const { name } = query;
    const wire = this.#wire;
    if (name !== undefined && wire !== undefined) return this.#run(name, query, wire);
    return this.#client.query({ query_timeout: this.#timeout, ...query });
  }

  #run(name: string, query: PostgresQuery, wire: Wire): Promise<PostgresResult> {
    return new Promise((resolve, reject) => {
      const answer = (error: unknown, result?: PostgresResult): void => {
        this.#settle(answer);
        if (result === undefined) reject(error);
        else resolve(result);
      };
      this.#underWay = answer;
      this.#deadline.set(query.query_timeout ?? this.#timeout);
      this.#client.query(new PreparedQuery(name, query, wire, this.#described, answer));
    });
  }

  #settle(answer: (error: Error) => void): void {
    if (this.#underWay !== answer) return;
    this.#underWay = undefined;
    this.#deadline.lift();
  }

  getTransactionStatus(): string | null {
    return this.#client.getTransactionStatus();
  }

  release(destroy?: boolean): void {
    this.#deadline.clear();
    this.#client.release(destroy);
  }

  // biome-ignore lint/suspicious/noExplicitAny: each event has a listener of its own kind
  on(event: string, listener: (...args: any[]) => void): void {
    this.#client.addListener(event, listener);
  }

  // biome-ignore lint/suspicious/noExplicitAny: as above
  removeListener(event: string, listener: (...args: any[]) => void): void {
    this.#client.removeListener(event, listener);
  }
}
