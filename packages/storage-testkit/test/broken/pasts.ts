import type {
  Entry,
  EntryFilter,
  ReadOptions,
  RecordKey,
  RecordKind,
  RecordTypes,
  Revision,
} from '@gati-framework/manifest-store';
import type { BrokenBackend } from './broken-backend.js';
import type { Disk, Row } from './disk.js';
import { ReferenceStorage } from './reference-storage.js';

const group = 'past';

/** A storage that shows these records as those of a revision. */
function showing(
  change: (rows: readonly Row[], at: Revision, disk: Disk) => readonly Row[],
): BrokenBackend['create'] {
  return (disk, options) =>
    new (class extends ReferenceStorage {
      protected override rowsAt(at: Revision): readonly Row[] {
        return change(super.rowsAt(at), at, disk);
      }
    })(disk, options);
}

/** A storage that is asked for another revision than the one that was meant. */
function taking(change: (at: Revision, disk: Disk) => Revision): BrokenBackend['create'] {
  return (disk, options) =>
    new (class extends ReferenceStorage {
      protected override rowsAt(at: Revision): readonly Row[] {
        return super.rowsAt(change(at, disk));
      }
    })(disk, options);
}

const isNow = (row: Row, disk: Disk): boolean =>
  disk.rows.some(({ kind, key }) => kind === row.kind && key.join('\0') === row.key.join('\0'));

const nameOf = ({ kind, key }: { kind: string; key: readonly string[] }): string =>
  JSON.stringify([kind, key]);

export const brokenPasts: readonly BrokenBackend[] = [
  { group, model: true, bug: 'at is ignored', create: taking((_, disk) => disk.revision) },
  {
    group,
    model: true,
    bug: 'at taken for before that commit',
    create: taking((at) => Math.max(0, at - 1)),
  },
  {
    group,
    model: true,
    bug: 'a revision from the future is the present',
    create: taking((at, disk) => Math.min(at, disk.revision)),
  },
  {
    group,
    model: true,
    bug: 'a revision from the future is an empty store',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override rowsAt(at: Revision): readonly Row[] {
          return at > disk.revision ? [] : super.rowsAt(at);
        }
      })(disk),
  },
  {
    group,
    model: true,
    bug: 'what was deleted since is missing in the past',
    create: showing((rows, _, disk) => rows.filter((row) => isNow(row, disk))),
  },
  {
    group,
    model: true,
    bug: 'what was cleared since is missing in the past',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override rowsAt(at: Revision): readonly Row[] {
          const cleared = disk.commits.findLast(({ changes }) => changes.some(({ op }) => op === 'clear'));
          const rows = super.rowsAt(at);
          return cleared !== undefined && at < cleared.revision ? [] : rows;
        }
      })(disk),
  },
  {
    group,
    model: true,
    bug: 'the past in the order of the last writing',
    create: showing((rows) => [...rows].sort((a, b) => a.revision - b.revision)),
  },
  {
    group,
    model: true,
    bug: 'records of the past with the revision that was asked for',
    create: showing((rows, at) => rows.map((row) => ({ ...row, revision: at }))),
  },
  {
    group,
    model: true,
    bug: 'the past with the values of the present',
    create: showing((rows, _, disk) =>
      rows.map((row) => {
        const now = disk.rows.find(
          ({ kind, key }) => kind === row.kind && key.join('\0') === row.key.join('\0'),
        );
        return now === undefined ? row : { ...row, value: now.value };
      }),
    ),
  },
  {
    group,
    bug: 'a handler cannot be selected in the past',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override select({ handlerId, ...filter }: EntryFilter): Row[] {
          return super.select(
            filter.at !== undefined || handlerId === undefined ? filter : { ...filter, handlerId },
          );
        }
      })(disk),
  },
  {
    group,
    bug: 'an iteration of the past that follows the present',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override async *entries(filter: EntryFilter = {}): AsyncIterableIterator<Entry> {
          for (const row of this.select(filter)) {
            const isStill = filter.at === undefined || isNow(row, disk);
            if (isStill) yield this.entry(row);
          }
        }
      })(disk),
  },
  {
    group,
    bug: 'what is no revision taken for the present',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override get<K extends RecordKind>(
          key: RecordKey<K>,
          options: ReadOptions = {},
        ): Promise<Entry<K> | undefined> {
          return Number.isSafeInteger(options.at) && Number(options.at) >= 0
            ? super.get(key, options)
            : super.get(key);
        }
      })(disk),
  },
  {
    group,
    bug: 'the past hands out what the store holds',
    create: (disk) =>
      new (class extends ReferenceStorage {
        #isPast = false;
        protected override rowsAt(at: Revision): readonly Row[] {
          this.#isPast = true;
          return super.rowsAt(at);
        }
        protected override handOut(row: Row): Row['value'] {
          return this.#isPast ? row.value : super.handOut(row);
        }
      })(disk),
  },
  {
    group,
    bug: 'what was read of the past is kept for who reads the present',
    create: (disk) =>
      new (class extends ReferenceStorage {
        readonly #kept = new Map<string, Row>();
        override async get<K extends RecordKind>(
          key: RecordKey<K>,
          options: ReadOptions = {},
        ): Promise<Entry<K> | undefined> {
          if (options.at !== undefined)
            for (const row of this.rowsAt(options.at)) this.#kept.set(nameOf(row), row);
          return super.get(key, options);
        }
        protected override one<K extends RecordKind>(kind: K, key: object): RecordTypes[K] | undefined {
          const kept = this.#kept.get(nameOf({ kind, key: Object.values(key) }));
          return (kept?.value as RecordTypes[K] | undefined) ?? super.one(kind, key as never);
        }
      })(disk),
  },
  {
    group,
    bug: 'a past that is forgotten when the store is closed',
    caughtBy: 'a store that is opened again has the same past',
    create: (disk) => {
      if (disk.revision > 0) disk.moments = new Map([[disk.revision, disk.rows.map((row) => ({ ...row }))]]);
      return new ReferenceStorage(disk);
    },
  },
  {
    group,
    bug: 'each storage knows only the past that it made itself',
    caughtBy: 'storages over one store tell the same past, whoever made it',
    create: (disk) =>
      new (class extends ReferenceStorage {
        readonly #own = new Set<Revision>([0]);
        protected override remember(revision: Revision): void {
          this.#own.add(revision);
          super.remember(revision);
        }
        protected override rowsAt(at: Revision): readonly Row[] {
          return super.rowsAt(this.#own.has(at) ? at : disk.revision);
        }
      })(disk),
  },
];
