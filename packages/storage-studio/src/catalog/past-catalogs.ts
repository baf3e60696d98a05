import {
  type Entry,
  type LoggedStep,
  type RecordKey,
  type Revision,
  type Storage,
  StorageError,
} from '@gati-framework/manifest-store';
import { keyTuple, notKept, withoutHistory } from '@gati-framework/manifest-store/backend';
import type { Catalog } from './catalog.js';
import type { LiveCatalog } from './live-catalog.js';
import { readCatalog } from './read-catalog.js';

/** Records up to which a catalog is made from the present one, and not by reading all of the store. */
const MAX_STEPS = 2_000;
/** Records that are asked for at once. */
const READ_TOGETHER = 64;
/** How many are kept: who moves through time comes back to where they were. */
const KEPT = 2;

/** Catalogs of a store as it was. */
export class PastCatalogs {
  readonly #storage: Storage;
  readonly #live: LiveCatalog;
  readonly #limit: number;
  readonly #signal: AbortSignal;
  readonly #kept = new Map<Revision, Promise<Catalog>>();

  constructor(storage: Storage, live: LiveCatalog, limit: number, signal: AbortSignal) {
    this.#storage = storage;
    this.#live = live;
    this.#limit = limit;
    this.#signal = signal;
  }

  /**
   * The catalog as of a revision; that of the present goes on with the store, so whoever reads it does so at once.
   *
   * @throws StorageError `STORAGE_COMPACTED` when the kept history does not reach it, or the store never had it.
   */
  async at(revision: Revision, signal: AbortSignal): Promise<Catalog> {
    const live = await this.#live.ready(signal);
    if (live.revision === revision) return live;
    await this.#assertKept(revision);
    const found = this.#kept.get(revision) ?? this.#make(live, revision);
    this.#kept.delete(revision);
    this.#kept.set(revision, found);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= KEPT) break;
      this.#kept.delete(oldest);
    }
    return await found;
  }

  async #assertKept(revision: Revision): Promise<void> {
    if (!this.#storage.capabilities.history) throw withoutHistory('at');
    const { revision: now, oldestRevision: oldest = now } = await this.#storage.stats();
    if (revision < oldest || revision > now) throw notKept(revision, oldest, now);
  }

  async #make(live: Catalog, revision: Revision): Promise<Catalog> {
    // Of the moment of the call: the live one goes on.
    const copy = live.copy();
    const making = this.#derive(copy, revision).then(async (made) => made ?? (await this.#readAll(revision)));
    making.catch(() => this.#kept.delete(revision));
    return await making;
  }

  async #readAll(at: Revision): Promise<Catalog> {
    const catalog = await readCatalog(this.#storage, { limit: this.#limit, signal: this.#signal, at });
    catalog.revision = at;
    return catalog;
  }

  /** From a catalog of nearby, by the records that are another one then; `undefined` where these are too many, or not told. */
  async #derive(catalog: Catalog, revision: Revision): Promise<Catalog | undefined> {
    if (catalog.leftOut !== 'nothing') return undefined;
    const steps = await this.#stepsBetween(catalog.revision, revision);
    if (steps === undefined) return undefined;
    for (let from = 0; from < steps.length; from += READ_TOGETHER) {
      const group = steps.slice(from, from + READ_TOGETHER);
      const found = await Promise.all(group.map((key) => this.#read(key, revision)));
      group.forEach(({ kind, key }, i) => {
        const entry = found[i];
        if (entry === undefined) catalog.delete(kind, key);
        else catalog.put(entry);
      });
    }
    catalog.revision = revision;
    return isOrderTold(catalog, steps) ? catalog : undefined;
  }

  /** A record as it was; nothing where it cannot be read. */
  async #read(key: RecordKey, at: Revision): Promise<Entry | undefined> {
    try {
      return await this.#storage.get(key, { at });
    } catch (error) {
      if (error instanceof StorageError && UNREADABLE.has(error.code)) return undefined;
      throw error;
    }
  }

  async #stepsBetween(one: Revision, other: Revision): Promise<readonly RecordKey[] | undefined> {
    const [after, before] = [Math.min(one, other), Math.max(one, other) + 1];
    const touched = new Map<string, RecordKey>();
    for await (const { changes, changeCount } of this.#storage.log({
      after,
      before,
      maxChanges: MAX_STEPS,
    })) {
      if (changes.length < changeCount || touched.size + changeCount > MAX_STEPS) return undefined;
      for (const step of changes) {
        const key = keyOf(step);
        if (key === undefined) return undefined;
        touched.set(JSON.stringify([key.kind, ...keyTuple(key.kind, key.key)]), key);
      }
    }
    return [...touched.values()];
  }
}

const UNREADABLE: ReadonlySet<string> = new Set(['STORAGE_CORRUPT', 'STORAGE_UNSUPPORTED']);

/** Versions that were made in the same millisecond come in the order in which they were stored, which a record alone does not tell. */
function isOrderTold(catalog: Catalog, steps: readonly RecordKey[]): boolean {
  return steps.every(({ kind, key }) => {
    if (kind !== 'manifest') return true;
    const versions = catalog.handlers.get(key.handlerId)?.sortedVersions() ?? [];
    return versions.every(({ createdAt }, i) => createdAt !== versions[i + 1]?.createdAt);
  });
}

function keyOf(step: LoggedStep): RecordKey | undefined {
  if ('clear' in step) return undefined;
  return { kind: 'put' in step ? step.put : step.delete, key: step.key } as RecordKey; // both are of one record
}
