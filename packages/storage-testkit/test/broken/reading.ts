import type {
  GType,
  HandlerManifest,
  HookManifest,
  RecordKind,
  RecordTypes,
  StorageStats,
} from '@gati-framework/manifest-store';
import type { PreparedChange } from '@gati-framework/manifest-store/backend';
import type { BrokenBackend } from './broken-backend.js';
import type { Row } from './disk.js';
import { ReferenceStorage } from './reference-storage.js';

export const brokenReading: readonly BrokenBackend[] = [
  {
    group: 'visibility',
    model: true,
    bug: 'a cache that is never told of replacements',
    create: (disk) =>
      new (class extends ReferenceStorage {
        readonly #cache = new Map<string, GType | undefined>();
        override async getGType(ref: string): Promise<GType | undefined> {
          const cached = this.#cache.get(ref) ?? (await super.getGType(ref));
          this.#cache.set(ref, cached);
          return cached;
        }
        protected override hear(): void {
          super.hear();
          if (this.disk.rows.length === 0) this.#cache.clear();
        }
      })(disk),
  },
  {
    group: 'visibility',
    model: true,
    bug: 'a list that is cached until a record is added',
    create: (disk) =>
      new (class extends ReferenceStorage {
        #cached: HookManifest[] | undefined;
        override async listHookManifests(): Promise<HookManifest[]> {
          const list = await super.listHookManifests();
          if (this.#cached?.length !== list.length) this.#cached = list;
          return [...(this.#cached as HookManifest[])];
        }
      })(disk),
  },
  {
    group: 'visibility',
    model: true,
    bug: 'the latest version is remembered until clear',
    create: (disk) =>
      new (class extends ReferenceStorage {
        readonly #latest = new Map<string, HandlerManifest>();
        protected override latest(versions: readonly HandlerManifest[]): HandlerManifest | undefined {
          const latest = super.latest(versions);
          if (latest === undefined) return undefined;
          const known = this.#latest.get(latest.handlerId) ?? latest;
          this.#latest.set(latest.handlerId, known);
          return known;
        }
      })(disk),
  },
  {
    group: 'absence',
    model: true,
    bug: 'absence is remembered for ever',
    create: (disk) =>
      new (class extends ReferenceStorage {
        readonly #absent = new Set<string>();
        override async getGType(ref: string): Promise<GType | undefined> {
          const found = this.#absent.has(ref) ? undefined : await super.getGType(ref);
          if (found === undefined) this.#absent.add(ref);
          return found;
        }
      })(disk),
  },
  {
    group: 'visibility',
    bug: 'a write resolves before it is done',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override async store<K extends RecordKind>(kind: K, record: RecordTypes[K]): Promise<void> {
          this.assertOpen();
          void this.accept([this.prepare(kind, record) as PreparedChange], []);
        }
      })(disk),
  },
  {
    group: 'visibility',
    bug: 'writes made at once overwrite each other',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override async write(
          changes: readonly PreparedChange[],
          expect: Parameters<ReferenceStorage['accept']>[1],
        ): Promise<number> {
          const before = [...this.disk.rows];
          const revision = await super.write(changes, expect);
          const added = this.disk.rows.filter((row) => !before.includes(row));
          if (this.inFlight.size > 1) this.disk.rows = [...before, ...added.slice(-1)];
          return revision;
        }
      })(disk),
  },
  {
    group: 'visibility',
    bug: 'fields written one after the other',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override replace(row: Row, value: Row['value'], revision: number): void {
          const old = row.value as unknown as { copy?: unknown };
          super.replace(
            row,
            { ...value, ...(old.copy !== undefined && { copy: old.copy }) } as Row['value'],
            revision,
          );
          setImmediate(() => {
            row.value = value;
          });
        }
      })(disk),
  },
  {
    group: 'stats',
    model: true,
    bug: 'stats off by one after replacing',
    create: (disk) =>
      counting(disk, (kinds, change, existed) => {
        if (change.op === 'put') kinds[change.kind] += 1;
        if (change.op === 'delete' && existed) kinds[change.kind] -= 1;
      }),
  },
  {
    group: 'stats',
    model: true,
    bug: 'deleting what is absent counts',
    create: (disk) =>
      counting(disk, (kinds, change, existed) => {
        if (change.op === 'put' && !existed) kinds[change.kind] += 1;
        if (change.op === 'delete') kinds[change.kind] -= 1;
      }),
  },
  {
    group: 'stats',
    model: true,
    bug: 'handlers counted instead of manifests',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override count(kind: RecordKind): number {
          const rows = this.disk.rows.filter((row) => row.kind === kind);
          return new Set(rows.map(({ key }) => key[0])).size;
        }
      })(disk),
  },
  {
    group: 'stats',
    bug: 'the counters themselves handed out',
    create: (disk) =>
      new (class extends ReferenceStorage {
        readonly #stats = {} as StorageStats;
        override getStats(): StorageStats {
          return Object.assign(this.#stats, super.getStats());
        }
      })(disk),
  },
  {
    group: 'stats',
    bug: 'hook manifests not counted',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override count(kind: RecordKind): number {
          return kind === 'hookManifest' ? 0 : super.count(kind);
        }
      })(disk),
  },
  {
    group: 'clear',
    model: true,
    bug: 'clear forgets the version graphs',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override apply(change: PreparedChange, revision: number): void {
          const kept = this.disk.rows.filter(({ kind }) => kind === 'versionGraph');
          super.apply(change, revision);
          if (change.op === 'clear') this.disk.rows = kept;
        }
      })(disk),
  },
  {
    group: 'clear',
    bug: 'records come back to their old places after clear',
    create: (disk) =>
      new (class extends ReferenceStorage {
        readonly #places: string[] = [];
        protected override apply(change: PreparedChange, revision: number): void {
          super.apply(change, revision);
          const place = ({ kind, key }: Row): number => {
            const name = JSON.stringify([kind, ...key]);
            if (!this.#places.includes(name)) this.#places.push(name);
            return this.#places.indexOf(name);
          };
          this.disk.rows.sort((a, b) => place(a) - place(b));
        }
      })(disk),
  },
  {
    group: 'clear',
    bug: 'a storage can be cleared once',
    create: (disk) =>
      new (class extends ReferenceStorage {
        #cleared = false;
        protected override apply(change: PreparedChange, revision: number): void {
          if (change.op !== 'clear' || !this.#cleared) super.apply(change, revision);
          this.#cleared ||= change.op === 'clear';
        }
      })(disk),
  },
];

type Count = (
  kinds: Record<RecordKind, number>,
  change: Exclude<PreparedChange, { op: 'clear' }>,
  existed: boolean,
) => void;

/** A storage that keeps its counts up to date instead of counting. */
function counting(disk: ConstructorParameters<typeof ReferenceStorage>[0], count: Count): ReferenceStorage {
  const none = (): Record<RecordKind, number> => ({
    manifest: 0,
    hookManifest: 0,
    gtype: 0,
    transformer: 0,
    versionGraph: 0,
    timescapeMetadata: 0,
  });
  return new (class extends ReferenceStorage {
    #kinds = none();
    protected override apply(change: PreparedChange, revision: number): void {
      if (change.op === 'clear') this.#kinds = none();
      else count(this.#kinds, change, this.find(change.kind, change.key) !== undefined);
      super.apply(change, revision);
    }
    protected override count(kind: RecordKind): number {
      return this.#kinds[kind];
    }
  })(disk);
}
