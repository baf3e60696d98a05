import { eventForm } from '../operations.mjs';
import { errorForm, now, report } from './report.mjs';

/** Watches a store from where it is, and tells of every commit that comes. */
export class Watching {
  #storage;
  #name;
  #seen;
  #last = 0;
  #isEnding = false;
  #iterator;
  #until = Number.POSITIVE_INFINITY;
  #done;

  constructor(storage, name, seen) {
    this.#storage = storage;
    this.#name = name;
    this.#seen = seen;
    this.#done = this.#follow();
  }

  /** Waits for what was committed before the call, then ends. */
  async end() {
    const { revision } = await this.#storage.stats().catch(() => ({ revision: 0 }));
    this.#isEnding = true;
    this.#until = revision;
    if (this.#last >= revision) await this.#iterator?.return();
    await this.#done;
  }

  async #follow() {
    while (!this.#isEnding) {
      try {
        const { revision } = await this.#storage.stats();
        this.#last = revision;
        report({ watch: this.#name, after: revision, at: now() });
        this.#iterator = this.#storage.watch({ after: revision });
        for await (const event of this.#iterator) {
          this.#last = event.revision;
          this.#seen.revision = Math.max(this.#seen.revision, event.revision);
          report({ told: eventForm(event), at: now() });
          if (this.#last >= this.#until) return;
        }
      } catch (error) {
        // It fell too far behind, or the store cannot be reached: it begins anew.
        report({ watchFailed: errorForm(error), after: this.#last, at: now() });
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  }
}
