import type { Change, CommitOptions, RecordKind, Revision } from '@gati-framework/manifest-store';
import {
  type KeyTuple,
  type PreparedChange,
  type PreparedExpectation,
  prepareChanges,
} from '@gati-framework/manifest-store/backend';
import type { BrokenBackend } from './broken-backend.js';
import { ReferenceStorage, turn } from './reference-storage.js';

type Changes = readonly PreparedChange[];
type Expectations = readonly PreparedExpectation[];

export const brokenBatches: readonly BrokenBackend[] = [
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
];
