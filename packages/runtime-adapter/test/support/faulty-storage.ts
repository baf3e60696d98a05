import type { Storage, StorageError, StorageEvent } from '@gati-framework/manifest-store';

/** A storage whose feed can be held back, and which can be out of reach. */
export class FaultyStorage {
  readonly #storage: Storage;
  /** What its calls reject with, if anything. */
  fault: StorageError | undefined;
  /** Commits are told when this has resolved. */
  gate: Promise<unknown> = Promise.resolve();
  readings = 0;
  /** Called while the store is read whole, before the first record. */
  onReading = async (): Promise<unknown> => undefined;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  async stats(): ReturnType<Storage['stats']> {
    this.#refuse();
    return await this.#storage.stats();
  }

  async *entries(...given: Parameters<Storage['entries']>): AsyncGenerator<never> {
    this.#refuse();
    this.readings += 1;
    const entries = this.#storage.entries(...given);
    const first = await entries.next();
    await this.onReading();
    if (first.done !== true) yield first.value as never;
    yield* entries as AsyncIterable<never>;
  }

  async *watch(options: Parameters<Storage['watch']>[0]): AsyncGenerator<StorageEvent> {
    this.#refuse();
    await this.gate;
    for await (const event of this.#storage.watch(options)) {
      this.#refuse();
      yield event;
      await this.gate;
    }
  }

  #refuse(): void {
    if (this.fault !== undefined) throw this.fault;
  }
}
