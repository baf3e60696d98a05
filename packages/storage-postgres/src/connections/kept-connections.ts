import { type Timer, timers } from '@gati-framework/manifest-store/backend';
import { giveBack } from './lend.js';
import type { PostgresClient } from './postgres-pool.js';

/** For how long, about, in milliseconds: until the end of a period that begins with the first. */
const PERIOD = 10;

/**
 * Connections whose work is done, kept at hand for the next work, which while
 * calls follow each other comes at once: to take one from a pool costs about as
 * much as to read a record. All are given back at the end of each period.
 */
export class KeptConnections {
  readonly #kept: PostgresClient[] = [];
  /** Those that were kept once, and whether they have ended since. */
  readonly #hasEnded = new WeakMap<PostgresClient, boolean>();
  #timer: Timer | undefined;

  get count(): number {
    return this.#kept.length;
  }

  /** The one whose work ended last, if there is one that has not been lost meanwhile. */
  take(): PostgresClient | undefined {
    for (;;) {
      const client = this.#kept.pop();
      if (client === undefined || this.#hasEnded.get(client) === false) return client;
      giveBack(client, true);
    }
  }

  keep(client: PostgresClient): void {
    if (!this.#hasEnded.has(client)) {
      this.#hasEnded.set(client, false);
      client.on('end', () => this.#hasEnded.set(client, true));
    }
    this.#kept.push(client);
    if (this.#timer !== undefined) return;
    this.#timer = timers.setTimeout(() => this.giveAllBack(), PERIOD);
    this.#timer.unref?.();
  }

  giveAllBack(): void {
    timers.clearTimeout(this.#timer);
    this.#timer = undefined;
    for (let client = this.take(); client !== undefined; client = this.take()) giveBack(client, false);
  }
}
