import type {
  RecordKind,
  RecordTypes,
  Revision,
  StorageEvent,
  StorageHealth,
  WatchOptions,
} from '@gati-framework/manifest-store';
import type { PreparedChange } from '@gati-framework/manifest-store/backend';
import type { BrokenBackend } from './broken-backend.js';
import { ReferenceStorage } from './reference-storage.js';

const group = 'freshness';

/** Remembers single records until it is told to forget them, and until it writes. */
abstract class CachingStorage extends ReferenceStorage {
  protected readonly cache: Map<string, RecordTypes[RecordKind] | undefined> = new Map();

  protected override one<K extends RecordKind>(
    kind: K,
    key: Readonly<Record<string, unknown>>,
  ): RecordTypes[K] | undefined {
    const name = JSON.stringify([kind, key]);
    if (!this.cache.has(name)) this.cache.set(name, super.one(kind, key));
    return this.cache.get(name) as RecordTypes[K] | undefined;
  }

  protected override record(changes: readonly PreparedChange[]): void {
    this.cache.clear();
    super.record(changes);
  }
}

export const brokenFreshness: readonly BrokenBackend[] = [
  {
    group,
    bug: 'a cache that hears of others only when somebody watches',
    caughtBy: 'what was read before is read anew after another process has written, without any watch',
    create: (disk) =>
      new (class extends CachingStorage {
        override watch(options: WatchOptions = {}): AsyncIterableIterator<StorageEvent> {
          this.cache.clear();
          return super.watch(options);
        }
      })(disk),
  },
  ...(['an empty commit', 'a conflict'] as const).map(
    (way): BrokenBackend => ({
      group,
      bug: `a cache that is asked to forget a turn after ${way}`,
      caughtBy: `nothing is read that is older than what ${way} has shown`,
      create: (disk) =>
        new (class extends CachingStorage {
          protected override hear(): void {
            setTimeout(() => this.cache.clear(), 50);
            super.hear();
          }
        })(disk),
    }),
  ),
  {
    group,
    bug: 'health tells the last revision that this object wrote',
    caughtBy: 'health() tells the revision of the store, whoever committed',
    create: (disk) =>
      new (class extends ReferenceStorage {
        #own: Revision = disk.revision;
        protected override record(changes: readonly PreparedChange[]): void {
          super.record(changes);
          this.#own = disk.revision;
        }
        override async health(): Promise<StorageHealth> {
          return { ...(await super.health()), revision: this.#own };
        }
      })(disk),
  },
];
