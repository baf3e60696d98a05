import type {
  GType,
  HookManifest,
  Revision,
  StorageEvent,
  StorageHealth,
  StorageStats,
  WatchOptions,
} from '@gati-framework/manifest-store';
import { ChangeFeed, closed, type PreparedChange } from '@gati-framework/manifest-store/backend';
import type { BrokenBackend } from './broken-backend.js';
import { Disk } from './disk.js';
import { ReferenceStorage, turn } from './reference-storage.js';

type Changes = readonly PreparedChange[];
type Expectations = Parameters<ReferenceStorage['accept']>[1];

export const brokenLifecycles: readonly BrokenBackend[] = [
  {
    group: 'lifecycle',
    bug: 'close that forgets in-flight writes',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override async write(changes: Changes, expect: Expectations): Promise<Revision> {
          await turn();
          this.assertOpen();
          return super.write(changes, expect);
        }
      })(disk),
  },
  {
    group: 'lifecycle',
    bug: 'close that does not wait for in-flight writes',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override async close(): Promise<void> {
          this.inFlight.clear();
          await super.close();
        }
      })(disk),
  },
  {
    group: 'lifecycle',
    bug: 'a storage that can be closed once',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override async close(): Promise<void> {
          this.assertOpen();
          await super.close();
        }
      })(disk),
  },
  {
    group: 'lifecycle',
    bug: 'a storage that can be opened once',
    create: (disk) =>
      new (class extends ReferenceStorage {
        #opened = false;
        override async open(): Promise<void> {
          if (this.#opened) throw new Error('already open');
          this.#opened = true;
        }
      })(disk),
  },
  {
    group: 'lifecycle',
    bug: 'a storage whose first use must not be by many calls at once',
    create: (disk) =>
      new (class extends ReferenceStorage {
        #opened = false;
        override async open(): Promise<void> {
          await super.open();
          this.#opened = true;
        }
        protected override assertOpen(): void {
          super.assertOpen();
          if (!this.#opened && this.disk.revision === 0 && this.inFlight.size > 3)
            throw new Error('not open');
        }
      })(disk),
  },
  {
    group: 'lifecycle',
    bug: 'lookups answered after close',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override async getGType(ref: string): Promise<GType | undefined> {
          return disk.rows.find(({ key }) => key[0] === ref)?.value as GType;
        }
      })(disk),
  },
  {
    group: 'lifecycle',
    bug: 'counts answered after close',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override getStats(): StorageStats {
          if (!this.closed) return super.getStats();
          return new ReferenceStorage(new Disk()).getStats();
        }
      })(disk),
  },
  {
    group: 'lifecycle',
    bug: 'health answered after close',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override async health(): Promise<StorageHealth> {
          if (!this.closed) return super.health();
          return { status: 'failed', latency: 0, error: closed() };
        }
      })(disk),
  },
  {
    group: 'lifecycle',
    bug: 'raw errors after close',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override assertOpen(): void {
          if (this.closed) throw new TypeError('The database connection is not open');
        }
      })(disk),
  },
  {
    group: 'lifecycle',
    bug: 'calls accepted until close() has resolved',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override async close(): Promise<void> {
          await turn();
          await super.close();
        }
      })(disk),
  },
  {
    group: 'lifecycle',
    bug: 'closing one closes all',
    create: (() => {
      const all = new Set<ReferenceStorage>();
      return (disk) => {
        const storage = new (class extends ReferenceStorage {
          protected override assertOpen(): void {
            if (this.closed || !all.has(this)) throw closed();
          }
          override async close(): Promise<void> {
            await super.close();
            all.clear();
          }
        })(disk);
        all.add(storage);
        return storage;
      };
    })(),
  },
  {
    group: 'lifecycle',
    bug: 'asyncDispose that does nothing',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override async [Symbol.asyncDispose](): Promise<void> {}
      })(disk),
  },
  {
    group: 'lifecycle',
    bug: 'health without a revision',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override async health(): Promise<StorageHealth> {
          this.assertOpen();
          return { status: 'ok', latency: 0 };
        }
      })(disk),
  },
  {
    group: 'persistence',
    bug: 'nothing persisted',
    create: () => new ReferenceStorage(new Disk()),
  },
  {
    group: 'persistence',
    bug: 'what is in flight at close() is not persisted',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override async close(): Promise<void> {
          const { rows } = this.disk;
          const saved = [...rows];
          await super.close();
          this.disk.rows = saved;
        }
      })(disk),
  },
  {
    group: 'persistence',
    bug: 'clear not persisted',
    create: reopening((disk, last) => {
      if (disk.rows.length === 0) disk.rows = last.rows;
    }),
  },
  {
    group: 'persistence',
    model: true,
    bug: 'order not persisted',
    create: reopening((disk) => {
      disk.rows.sort((a, b) => (a.key.join('\0') < b.key.join('\0') ? -1 : 1));
    }),
  },
  {
    group: 'persistence',
    model: true,
    bug: 'revisions begin anew when reopened',
    create: reopening((disk) => {
      disk.commits = [];
    }),
  },
  {
    group: 'persistence',
    model: true,
    bug: 'the revisions of records forgotten when reopened',
    create: reopening((disk) => {
      for (const row of disk.rows) row.revision = disk.revision;
    }),
  },
  {
    group: 'persistence',
    bug: 'records persisted as JSON',
    create: reopening((disk) => {
      for (const row of disk.rows) {
        row.value = JSON.parse(
          JSON.stringify(row.value, (_, part) => (typeof part === 'bigint' ? `${part}` : part)),
        );
      }
    }),
  },
  {
    group: 'multi-process',
    bug: 'counts of what this object wrote',
    create: (disk) =>
      new (class extends ReferenceStorage {
        readonly #own = new Set<string>();
        protected override apply(change: PreparedChange, revision: number): void {
          if (change.op === 'put') this.#own.add(JSON.stringify([change.kind, ...change.key]));
          super.apply(change, revision);
        }
        protected override count(kind: Parameters<ReferenceStorage['count']>[0]): number {
          return disk.rows.filter(
            (row) => row.kind === kind && this.#own.has(JSON.stringify([kind, ...row.key])),
          ).length;
        }
      })(disk),
  },
  {
    group: 'multi-process',
    bug: 'a cache that others cannot invalidate',
    create: (disk) =>
      new (class extends ReferenceStorage {
        #cached: HookManifest[] | undefined;
        override async listHookManifests(): Promise<HookManifest[]> {
          this.#cached ??= await super.listHookManifests();
          return [...this.#cached];
        }
        protected override apply(change: PreparedChange, revision: number): void {
          this.#cached = undefined;
          super.apply(change, revision);
        }
      })(disk),
  },
  {
    group: 'multi-process',
    bug: 'a watch that hears only its own commits',
    create: (disk) =>
      new (class extends ReferenceStorage {
        readonly #own = new Set<number>();
        readonly #ownFeed = new ChangeFeed((after) =>
          this.history(after).filter(({ revision }) => this.#own.has(revision)),
        );
        override watch(options: WatchOptions = {}): AsyncIterableIterator<StorageEvent> {
          return options.after === undefined
            ? this.#ownFeed.watch(() => disk.revision, options)
            : super.watch(options);
        }
        protected override record(changes: Changes): void {
          this.#own.add(disk.revision + 1);
          super.record(changes);
          this.#ownFeed.wake();
        }
        override async close(): Promise<void> {
          this.#ownFeed.end();
          await super.close();
        }
      })(disk),
  },
  {
    group: 'multi-process',
    bug: 'revisions counted by each object for itself',
    create: (disk) =>
      new (class extends ReferenceStorage {
        #own = disk.revision;
        protected override applyAll(changes: Changes): Revision {
          super.applyAll(changes);
          if (changes.length > 0) this.#own += 1;
          return this.#own;
        }
      })(disk),
  },
  {
    group: 'multi-process',
    bug: 'expectations checked against what this object has seen',
    create: (disk) =>
      new (class extends ReferenceStorage {
        readonly #seen = new Map<string, Revision>();
        protected override put(change: Parameters<ReferenceStorage['put']>[0], revision: Revision): void {
          this.#seen.set(JSON.stringify(change.key), revision);
          super.put(change, revision);
        }
        protected override check(expectation: Expectations[number]): void {
          const seen = this.#seen.get(JSON.stringify(expectation.key));
          if (seen !== undefined) super.check(expectation);
        }
      })(disk),
  },
  {
    group: 'multi-process',
    bug: 'closing one clears the store',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override async close(): Promise<void> {
          await super.close();
          disk.rows = [];
        }
      })(disk),
  },
];

/** A storage over a disk that changes when it is opened again. */
function reopening(spoil: (disk: Disk, last: { rows: Disk['rows'] }) => void): BrokenBackend['create'] {
  const lastRows = new WeakMap<Disk, Disk['rows']>();
  return (disk) => {
    if (disk.revision > 0) spoil(disk, { rows: lastRows.get(disk) ?? [] });
    return new (class extends ReferenceStorage {
      protected override apply(change: PreparedChange, revision: number): void {
        if (disk.rows.length > 0) lastRows.set(disk, disk.rows);
        super.apply(change, revision);
      }
    })(disk);
  };
}
