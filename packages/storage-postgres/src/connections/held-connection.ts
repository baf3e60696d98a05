import { giveBack } from './lend.js';
import type { PostgresClient } from './postgres-pool.js';

/** A connection of an iteration, which may be taken from it: by the server, or by whoever closes the storage. */
export class HeldConnection {
  readonly client: PostgresClient;
  readonly #onGivenBack: () => void;
  #isHeld = true;
  #taken: unknown;

  /** @param onGivenBack Called once. */
  constructor(client: PostgresClient, onGivenBack: () => void) {
    this.client = client;
    this.#onGivenBack = onGivenBack;
    // Also the server ends it, when whoever iterates has gone away without a word.
    client.on('error', this.take);
  }

  /** Why it is not held any more, if it was taken. */
  get taken(): unknown {
    return this.#taken;
  }

  readonly take = (reason: unknown): void => {
    if (this.#isHeld) this.#taken = reason;
    this.giveBack(true);
  };

  giveBack(isBroken: boolean): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    this.client.removeListener('error', this.take);
    giveBack(this.client, isBroken);
    this.#onGivenBack();
  }
}
