import type { Change, CommitOptions, Revision } from '@gati-framework/manifest-store';
import {
  type PreparedChange,
  type PreparedExpectation,
  prepareExpectations,
} from '@gati-framework/manifest-store/backend';
import type { BrokenBackend } from './broken-backend.js';
import type { Disk } from './disk.js';
import { ReferenceStorage, turn } from './reference-storage.js';

type Changes = readonly PreparedChange[];
type Expectations = readonly PreparedExpectation[];

export const brokenExpectations: readonly BrokenBackend[] = [
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
