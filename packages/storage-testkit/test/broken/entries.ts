import type { Entry, EntryFilter } from '@gati-framework/manifest-store';
import { snapshot } from '@gati-framework/manifest-store/backend';
import type { BrokenBackend } from './broken-backend.js';
import type { Row } from './disk.js';
import { ReferenceStorage } from './reference-storage.js';

const group = 'entries';

export const brokenEntries: readonly BrokenBackend[] = [
  {
    group,
    bug: 'entries that see later writes',
    create: iterating(async function* (this: ReferenceStorage, select) {
      for (let i = 0; i < select().length; i++) yield select()[i] as Row;
    }),
  },
  {
    group,
    bug: 'entries that see later replacements',
    create: iterating(async function* (this: ReferenceStorage, select) {
      yield* select();
    }),
  },
  {
    group,
    bug: 'entries that lose the first of each further page',
    create: iterating(async function* (this: ReferenceStorage, select) {
      yield* select()
        .filter((_, i) => i === 0 || i % 256 !== 0)
        .map((row) => ({ ...row }));
    }),
  },
  {
    group,
    bug: 'entries read page by page, each of its own moment',
    create: iterating(async function* (this: ReferenceStorage, select) {
      for (let page = 0; ; page += 256) {
        const rows = select()
          .slice(page, page + 256)
          .map((row) => ({ ...row }));
        if (rows.length === 0) return;
        yield* rows;
      }
    }),
  },
  {
    group,
    model: true,
    bug: 'entries in one order over all kinds',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override select(filter: EntryFilter): Row[] {
          const selected = super.select(filter);
          return disk.rows.filter((row) => selected.includes(row)).reverse();
        }
      })(disk),
  },
  {
    group,
    model: true,
    bug: 'GTypes belong to every handler',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override select(filter: EntryFilter): Row[] {
          const selected = super.select(filter);
          const { handlerId: _, ...others } = filter;
          return [
            ...selected,
            ...super.select(others).filter((row) => row.kind === 'gtype' && !selected.includes(row)),
          ];
        }
      })(disk),
  },
  {
    group,
    model: true,
    bug: 'transformers belong to no handler',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override select(filter: EntryFilter): Row[] {
          return super
            .select(filter)
            .filter(({ kind }) => kind !== 'transformer' || filter.handlerId === undefined);
        }
      })(disk),
  },
  {
    group,
    bug: 'no kinds taken for all kinds',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override select({ kinds, ...others }: EntryFilter): Row[] {
          return super.select(kinds === undefined || kinds.length === 0 ? others : { ...others, kinds });
        }
      })(disk),
  },
  {
    group,
    bug: 'unknown filters ignored',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override select(filter: EntryFilter): Row[] {
          const { kinds, handlerId } = filter ?? {};
          return super.select({ ...(kinds && { kinds }), ...(handlerId !== undefined && { handlerId }) });
        }
      })(disk),
  },
  {
    group,
    bug: 'Dates and Maps in entries are those of the store',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override entry(row: Row): Entry {
          return Object.freeze({ ...super.entry(row), value: row.value }) as Entry;
        }
      })(disk),
  },
];

/** A storage whose iterations run like this. */
function iterating(
  run: (this: ReferenceStorage, select: () => Row[]) => AsyncIterable<Row>,
): BrokenBackend['create'] {
  return (disk) =>
    new (class extends ReferenceStorage {
      override async *entries(filter: EntryFilter = {}): AsyncIterableIterator<Entry> {
        this.assertOpen();
        for await (const row of run.call(this, () => this.select(filter))) {
          this.assertOpen();
          yield this.entry({ ...row, value: snapshot(row.value, row.kind).value });
        }
      }
    })(disk);
}
