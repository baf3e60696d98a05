/** Follows a storage from a revision on, and holds it to telling each commit once and in order. */
export class Watcher {
  told = 0;
  #storage;
  #last;
  #own;
  #signal;
  #iterator;
  #waiting = [];
  #isEnding = false;
  #done;

  /** @param {AbortSignal} [shared] One that others have, too; absent: it has one of its own, and is ended by that. */
  constructor(storage, after, shared) {
    this.#storage = storage;
    this.#last = after;
    this.#own = shared === undefined ? new AbortController() : undefined;
    this.#signal = shared ?? this.#own.signal;
    this.#done = this.#follow().catch((error) => this.#fail(error));
  }

  /** Resolves when it was told of the commit; rejects when it was told wrongly. */
  hasSeen(revision) {
    if (this.#last >= revision) return Promise.resolve();
    return new Promise((resolve, reject) => this.#waiting.push({ revision, resolve, reject }));
  }

  async end() {
    this.#isEnding = true;
    if (this.#own === undefined) await this.#iterator?.return();
    else this.#own.abort();
    await this.#done;
  }

  async #follow() {
    while (!this.#isEnding) {
      try {
        await this.#watch();
      } catch (error) {
        await this.#beginAnew(error);
      }
    }
  }

  async #watch() {
    this.#iterator = this.#storage.watch({ after: this.#last, signal: this.#signal });
    for await (const { revision } of this.#iterator) {
      if (revision !== this.#last + 1) throw new Error(`revision ${revision} was told after ${this.#last}`);
      this.told += 1;
      this.#seen(revision);
    }
  }

  /** It fell too far behind, or the server is away. */
  async #beginAnew(error) {
    if (error?.code === 'STORAGE_COMPACTED') this.#seen((await this.#storage.stats()).revision);
    else if (error?.code !== 'STORAGE_UNAVAILABLE') throw error;
  }

  #seen(revision) {
    this.#last = revision;
    for (const one of this.#waiting) if (one.revision <= revision) one.resolve();
    this.#waiting = this.#waiting.filter((one) => one.revision > revision);
  }

  #fail(error) {
    this.#last = Number.POSITIVE_INFINITY;
    for (const { reject } of this.#waiting.splice(0)) reject(error);
    throw error;
  }
}
