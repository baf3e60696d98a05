import { StorageError } from '@gati-framework/manifest-store';
import type { ManifestView } from '../view/manifest-view.js';
import type { EditedStorage } from './edited-records.js';
import { storeUsage } from './store-usage.js';
import type { Timelines } from './timelines.js';
import type { UsageCounts } from './usage-counts.js';

/** Writes what was counted, one commit at a time. */
export class UsageWriter {
  readonly #storage: EditedStorage;
  readonly #view: ManifestView;
  readonly #usage: UsageCounts;
  readonly #timelines: Timelines;
  #writing: Promise<void> | undefined;

  constructor(storage: EditedStorage, view: ManifestView, usage: UsageCounts, timelines: Timelines) {
    this.#storage = storage;
    this.#view = view;
    this.#usage = usage;
    this.#timelines = timelines;
  }

  async write(): Promise<void> {
    const before = this.#writing;
    this.#writing = (async () => {
      await before?.catch(() => {});
      await this.#writeCounts();
    })();
    await this.#writing;
  }

  async #writeCounts(): Promise<void> {
    const counted = this.#usage.take();
    if (counted.size === 0) return;
    try {
      const revision = await storeUsage(this.#storage, counted, (tsv) => this.#timelines.get(tsv));
      if (revision !== undefined) await this.#view.reached(revision).catch(() => {});
      this.#usage.settle(true);
    } catch (error) {
      // What may have been stored is not counted twice.
      this.#usage.settle(error instanceof StorageError && error.code === 'STORAGE_IN_DOUBT');
      throw error;
    } finally {
      const handlers = new Set([...counted.keys()].map((tsv) => this.#timelines.get(tsv)?.handlerId));
      for (const handlerId of handlers) if (handlerId !== undefined) this.#timelines.rebuild(handlerId);
    }
  }
}
