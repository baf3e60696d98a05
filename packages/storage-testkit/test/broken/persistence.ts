import type { HookManifest, Revision, StorageEvent, WatchOptions } from '@gati-framework/manifest-store';
import { ChangeFeed, type PreparedChange } from '@gati-framework/manifest-store/backend';
import type { BrokenBackend } from './broken-backend.js';
import { Disk } from './disk.js';
import { ReferenceStorage } from './reference-storage.js';

type Changes = readonly PreparedChange[];
type Expectations = Parameters<ReferenceStorage['accept']>[1];

export const brokenPersistence: readonly BrokenBackend[] = [
  {
    group: 'persistence',
    bug: 'nothing persisted',
    create: () => new ReferenceStorage(new Disk()),
  },
  {
    group: 'persistence',
    bug: 'kept by the process for whoever opens the same place, and never on the disk',
    caughtBy: 'records of every kind are there after reopening, and counted',
    create: (() => {
      const kept = new WeakMap<Disk, Disk>();
      return (disk) => {
        const memory = kept.get(disk) ?? new Disk();
        kept.set(disk, memory);
        return new ReferenceStorage(memory);
      };
    })(),
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
    create: reopening((disk) => {
      if (disk.rows.length > 0) return;
      for (const { revision, changes } of disk.commits) {
        for (const change of changes) if (change.op === 'put') disk.rows.push({ ...change, revision });
      }
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
    group: 'persistence',
    bug: 'negative zero lost on the disk',
    caughtBy: 'keys and values of every sort come back after reopening',
    create: reopening((disk) => {
      for (const row of disk.rows) row.value = withoutNegativeZero(row.value) as typeof row.value;
    }),
  },
  {
    group: 'persistence',
    bug: 'negative zero lost in the history on the disk',
    caughtBy: 'values of every sort come back after reopening, whichever way they are read',
    create: reopening((disk) => {
      disk.commits = disk.commits.map((commit) => ({
        ...commit,
        changes: commit.changes.map((change) =>
          change.op === 'put'
            ? { ...change, value: withoutNegativeZero(change.value) as typeof change.value }
            : change,
        ),
      }));
    }),
  },
  {
    group: 'persistence',
    bug: 'places compared as texts when reopened',
    caughtBy: 'the order of many records is the same after reopening',
    create: reopening((disk) => {
      const places = new Map(disk.rows.map((row, i) => [row, `${i}`]));
      disk.rows.sort((a, b) => ((places.get(a) ?? '') < (places.get(b) ?? '') ? -1 : 1));
    }),
  },
  {
    group: 'persistence',
    bug: 'times of commits rounded on the disk',
    caughtBy: 'health() and events tell after reopening what they told before',
    create: reopening((disk) => {
      disk.commits = disk.commits.map((commit) => ({ ...commit, committedAt: commit.committedAt + 0.5 }));
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
function reopening(spoil: (disk: Disk) => void): BrokenBackend['create'] {
  return (disk) => {
    if (disk.revision > 0) spoil(disk);
    return new ReferenceStorage(disk);
  };
}

function withoutNegativeZero(value: unknown): unknown {
  if (Object.is(value, -0)) return 0;
  if (Array.isArray(value)) return value.map(withoutNegativeZero);
  if (Object.prototype.toString.call(value) !== '[object Object]') return value;
  return Object.fromEntries(
    Object.entries(value as object).map(([name, field]) => [name, withoutNegativeZero(field)]),
  );
}
