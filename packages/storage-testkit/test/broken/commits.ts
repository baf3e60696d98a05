import type {
  Change,
  CommitOptions,
  Entry,
  RecordKey,
  RecordKind,
  Revision,
} from '@gati-framework/manifest-store';
import {
  type KeyTuple,
  type PreparedChange,
  type PreparedExpectation,
  prepareChanges,
  prepareExpectations,
} from '@gati-framework/manifest-store/backend';
import type { BrokenBackend } from './broken-backend.js';
import type { Disk } from './disk.js';
import { ReferenceStorage, turn } from './reference-storage.js';

type Changes = readonly PreparedChange[];
type Expectations = readonly PreparedExpectation[];

export const brokenCommits: readonly BrokenBackend[] = [
  {
    group: 'batches',
    model: true,
    bug: 'deletes applied before puts',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override applyAll(changes: Changes): Revision {
          const deletes = changes.filter(({ op }) => op !== 'put');
          return super.applyAll([...deletes, ...changes.filter(({ op }) => op === 'put')]);
        }
      })(disk),
  },
  {
    group: 'batches',
    model: true,
    bug: 'deleting what is absent fails',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override remove(kind: RecordKind, key: KeyTuple): void {
          if (this.find(kind, key) === undefined) throw new Error('no such record');
          super.remove(kind, key);
        }
      })(disk),
  },
  {
    group: 'batches',
    model: true,
    bug: 'deleted records keep their places',
    create: (disk) => {
      const places: string[] = [];
      return new (class extends ReferenceStorage {
        protected override apply(change: PreparedChange, revision: number): void {
          super.apply(change, revision);
          if (change.op === 'clear') places.length = 0;
          const placeOf = (row: { kind: RecordKind; key: KeyTuple }): number => {
            const name = JSON.stringify([row.kind, ...row.key]);
            if (!places.includes(name)) places.push(name);
            return places.indexOf(name);
          };
          disk.rows.sort((a, b) => placeOf(a) - placeOf(b));
        }
      })(disk);
    },
  },
  {
    group: 'batches',
    bug: 'deleting one version deletes all',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override remove(kind: RecordKind, key: KeyTuple): void {
          disk.rows = disk.rows.filter((row) => row.kind !== kind || row.key[0] !== key[0]);
        }
      })(disk),
  },
  {
    group: 'batches',
    bug: 'only the first five hundred changes of a batch applied',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override applyAll(changes: Changes): Revision {
          return super.applyAll(changes.slice(0, 500));
        }
      })(disk),
  },
  {
    group: 'batches',
    bug: 'the records of a batch copied when it is written',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override async commit(changes: readonly Change[], options?: CommitOptions): Promise<Revision> {
          this.assertOpen();
          await turn();
          return super.commit(changes, options);
        }
      })(disk),
  },
  {
    group: 'batches',
    model: true,
    bug: 'an empty batch takes a revision',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override applyAll(changes: Changes): Revision {
          if (changes.length === 0) this.record(changes);
          return super.applyAll(changes);
        }
      })(disk),
  },
  {
    group: 'atomicity',
    model: true,
    bug: 'non-atomic batch: what comes before an invalid change is stored',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override async commit(changes: readonly Change[], options?: CommitOptions): Promise<Revision> {
          if (!Array.isArray(changes)) return super.commit(changes, options);
          for (const [i, change] of changes.entries()) {
            try {
              prepareChanges([change]);
            } catch {
              if (i > 0) await super.commit(changes.slice(0, i), options);
            }
          }
          return super.commit(changes, options);
        }
      })(disk),
  },
  {
    group: 'atomicity',
    bug: 'a batch seen half',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override async write(changes: Changes, expect: Expectations): Promise<Revision> {
          await turn();
          for (const expectation of expect) this.check(expectation);
          if (changes.length === 0) return disk.revision;
          const revision = disk.revision + 1;
          for (const change of changes) {
            this.apply(change, revision);
            await turn();
          }
          this.record(changes);
          return revision;
        }
      })(disk),
  },
  {
    group: 'atomicity',
    bug: 'the changes of a batch numbered from one in errors',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override async commit(changes: readonly Change[], options?: CommitOptions): Promise<Revision> {
          try {
            return await super.commit(changes, options);
          } catch (error) {
            const { path } = error as { path?: string };
            if (path?.startsWith('changes[1]'))
              Object.assign(error as Error, { path: path.replace('1', '2') });
            throw error;
          }
        }
      })(disk),
  },
  {
    group: 'compare-and-set',
    model: true,
    bug: 'expectations ignored',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override check(): void {}
      })(disk),
  },
  {
    group: 'compare-and-set',
    model: true,
    bug: 'only the first expectation checked',
    create: checking((expect) => expect.slice(0, 1)),
  },
  {
    group: 'compare-and-set',
    model: true,
    bug: 'expected absence not checked',
    create: checking((expect) => expect.filter(({ revision }) => revision !== null)),
  },
  {
    group: 'compare-and-set',
    bug: 'expectations not checked without changes',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override write(changes: Changes, expect: Expectations): Promise<Revision> {
          return super.write(changes, changes.length === 0 ? [] : expect);
        }
      })(disk),
  },
  {
    group: 'compare-and-set',
    bug: 'a record that is older than expected is good enough',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override check(expectation: PreparedExpectation): void {
          const actual = this.find(expectation.kind, expectation.key)?.revision ?? null;
          const isOlder = actual !== null && expectation.revision !== null && actual < expectation.revision;
          if (!isOlder) super.check(expectation);
        }
      })(disk),
  },
  {
    group: 'compare-and-set',
    bug: 'expectations checked before the write, not with it',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override async write(changes: Changes, expect: Expectations): Promise<Revision> {
          await turn();
          for (const expectation of expect) this.check(expectation);
          return super.write(changes, []);
        }
      })(disk),
  },
  {
    group: 'compare-and-set',
    bug: 'invalid expectations ignored',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override async commit(changes: readonly Change[], options: CommitOptions = {}): Promise<Revision> {
          try {
            prepareExpectations(options.expect);
          } catch {
            return super.commit(changes);
          }
          return super.commit(changes, options);
        }
      })(disk),
  },
  {
    group: 'compare-and-set',
    model: true,
    bug: 'what conflicts is stored all the same',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override async write(changes: Changes, expect: Expectations): Promise<Revision> {
          try {
            return await super.write(changes, expect);
          } catch (error) {
            for (const change of changes) this.apply(change, disk.revision);
            throw error;
          }
        }
      })(disk),
  },
  {
    group: 'compare-and-set',
    bug: 'an equal record is not written again',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override replace(
          row: Parameters<ReferenceStorage['replace']>[0],
          value: never,
          revision: number,
        ): void {
          const isEqual = JSON.stringify(row.value) === JSON.stringify(value);
          super.replace(row, value, isEqual ? row.revision : revision);
        }
      })(disk),
  },
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
    bug: 'counts and revision of different moments',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override async stats(): ReturnType<ReferenceStorage['stats']> {
          const counts = this.getStats();
          await turn();
          return { ...counts, revision: disk.revision };
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

/** A storage that checks only these expectations. */
function checking(select: (expect: Expectations) => Expectations): BrokenBackend['create'] {
  return (disk: Disk) =>
    new (class extends ReferenceStorage {
      protected override write(changes: Changes, expect: Expectations): Promise<Revision> {
        return super.write(changes, select(expect));
      }
    })(disk);
}

/** A storage whose `get` answers this. */
function getting(change: (entry: Entry | undefined, key: RecordKey) => unknown): BrokenBackend['create'] {
  return (disk: Disk) =>
    new (class extends ReferenceStorage {
      override async get<K extends RecordKind>(key: RecordKey<K>): Promise<Entry<K> | undefined> {
        return change((await super.get(key)) as Entry | undefined, key as RecordKey) as Entry<K>;
      }
    })(disk);
}
