import type { EncodedChange } from '@gati-framework/storage-kit';
import { HeldConnection } from '../connections/held-connection.js';
import type { PostgresClient } from '../connections/postgres-pool.js';
import { statement } from '../connections/query.js';
import { isDefinite } from '../errors/conditions.js';
import { confirmed } from './certainty.js';

const end = statement('COMMIT', false);
const undo = statement('ROLLBACK', false);

/** A transaction that is open on a connection for as long as its changes come. */
export class StreamTransaction {
  readonly #client: PostgresClient;
  readonly #held: HeldConnection;
  /** Called when the connection is taken away, for whoever waits for changes. */
  #abandon: (reason: unknown) => void = () => {};
  #hasEnded = false;

  constructor(client: PostgresClient) {
    this.#client = client;
    this.#held = new HeldConnection(client, () => this.#abandon(this.#held.taken));
  }

  /** Why the connection was taken away, if it was. */
  get lost(): unknown {
    return this.#held.taken;
  }

  /** @param add Sends a batch. When it or the batches fail, everything is undone. */
  async take(
    batches: AsyncIterable<readonly EncodedChange[]>,
    add: (changes: readonly EncodedChange[]) => Promise<void>,
  ): Promise<void> {
    const iterator = batches[Symbol.asyncIterator]();
    for (;;) {
      const { done, value } = await this.#unlessTaken(this.#next(iterator)).catch((error) => {
        leave(iterator);
        throw error;
      });
      if (done === true) return;
      if (value.length === 0) continue;
      try {
        await add(value);
      } catch (error) {
        leave(iterator);
        if (isDefinite(error)) await this.#undoIfHeld();
        throw error;
      }
    }
  }

  async #next(
    iterator: AsyncIterator<readonly EncodedChange[]>,
  ): Promise<IteratorResult<readonly EncodedChange[]>> {
    try {
      return await iterator.next();
    } catch (error) {
      await this.#undoIfHeld();
      throw error;
    }
  }

  /** Not a race with one long-lived promise, which would remember every batch. */
  #unlessTaken<T>(waiting: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#abandon = reject;
      if (this.lost !== undefined) reject(this.lost);
      waiting.then(resolve, reject);
    });
  }

  async commit(): Promise<void> {
    await confirmed(this.#client, () => this.#client.query(end()));
    this.#hasEnded = true;
  }

  async undo(): Promise<void> {
    await this.#client.query(undo());
    this.#hasEnded = true;
  }

  /** What has failed already says more than that this fails, too. */
  async #undoIfHeld(): Promise<void> {
    if (this.lost === undefined) await this.undo().catch(() => {});
  }

  /** To its pool; whatever is still under way ends with the connection. */
  giveBack(): void {
    this.#held.giveBack(!this.#hasEnded);
  }
}

/** Lets the source close; what it throws then is nothing that ended the commit. */
function leave(iterator: AsyncIterator<unknown>): void {
  void iterator.return?.().then(undefined, () => {});
}
