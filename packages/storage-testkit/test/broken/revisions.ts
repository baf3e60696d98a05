import type { Entry, RecordKey, RecordKind, Revision } from '@gati-framework/manifest-store';
import type { PreparedChange, PreparedExpectation } from '@gati-framework/manifest-store/backend';
import type { BrokenBackend } from './broken-backend.js';
import type { Disk } from './disk.js';
import { ReferenceStorage, turn } from './reference-storage.js';

type Changes = readonly PreparedChange[];
type Expectations = readonly PreparedExpectation[];

export const brokenRevisions: readonly BrokenBackend[] = [
  {
    group: 'revisions',
    model: true,
    bug: 'a conflict leaves a gap',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override check(expectation: PreparedExpectation): void {
          try {
            super.check(expectation);
          } catch (error) {
            this.record([]);
            throw error;
          }
        }
      })(disk),
  },
  {
    group: 'revisions',
    model: true,
    bug: 'each change of a batch is a commit',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override applyAll(changes: Changes): Revision {
          for (const change of changes) super.applyAll([change]);
          return disk.revision;
        }
      })(disk),
  },
  {
    group: 'revisions',
    model: true,
    bug: 'clearing nothing is no commit',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override applyAll(changes: Changes): Revision {
          const isIdle = disk.rows.length === 0 && changes.every(({ op }) => op === 'clear');
          return isIdle ? disk.revision : super.applyAll(changes);
        }
      })(disk),
  },
  {
    group: 'revisions',
    model: true,
    bug: 'a record keeps the revision that stored it first',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override replace(row: Parameters<ReferenceStorage['replace']>[0], value: never): void {
          super.replace(row, value, row.revision);
        }
      })(disk),
  },
  {
    group: 'revisions',
    bug: 'two commits at once are told the same revision',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override async write(changes: Changes, expect: Expectations): Promise<Revision> {
          await super.write(changes, expect);
          await turn();
          return disk.revision;
        }
      })(disk),
  },
  {
    group: 'revisions',
    bug: 'a commit without changes takes a revision when others are made at once',
    create: (disk) =>
      new (class extends ReferenceStorage {
        #underWay = 0;
        protected override async write(changes: Changes, expect: Expectations): Promise<Revision> {
          this.#underWay += 1;
          if (changes.length === 0 && this.#underWay > 1) this.record([]);
          await turn();
          this.#underWay -= 1;
          return super.write(changes, expect);
        }
      })(disk),
  },
  {
    group: 'revisions',
    bug: 'counts and revision of different moments',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override async stats(): ReturnType<ReferenceStorage['stats']> {
          const counts = this.getStats();
          await turn();
          return { ...counts, revision: disk.revision, oldestRevision: disk.dropped };
        }
      })(disk),
  },
  {
    group: 'get',
    bug: 'get of a missing hook manifest yields null',
    create: getting((entry, { kind }) => entry ?? (kind === 'hookManifest' ? null : undefined)),
  },
  {
    group: 'get',
    bug: 'entries that are not frozen',
    create: getting((entry) => entry && { ...entry }),
  },
  {
    group: 'get',
    bug: 'the key as it was asked for, with whatever it had besides',
    create: getting((entry, { key }) => entry && Object.freeze({ ...entry, key })),
  },
  {
    group: 'get',
    bug: 'get of nonsense finds nothing',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override async get<K extends RecordKind>(key: RecordKey<K>): Promise<Entry<K> | undefined> {
          return super.get(key).catch(() => undefined);
        }
      })(disk),
  },
];

/** A storage whose `get` answers this. */
function getting(change: (entry: Entry | undefined, key: RecordKey) => unknown): BrokenBackend['create'] {
  return (disk: Disk) =>
    new (class extends ReferenceStorage {
      override async get<K extends RecordKind>(key: RecordKey<K>): Promise<Entry<K> | undefined> {
        return change((await super.get(key)) as Entry | undefined, key as RecordKey) as Entry<K>;
      }
    })(disk);
}
