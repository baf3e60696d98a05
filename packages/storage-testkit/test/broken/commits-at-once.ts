import type { Revision } from '@gati-framework/manifest-store';
import type { PreparedChange, PreparedExpectation } from '@gati-framework/manifest-store/backend';
import type { BrokenBackend } from './broken-backend.js';
import { ReferenceStorage, turn } from './reference-storage.js';

type Changes = readonly PreparedChange[];
type Expectations = readonly PreparedExpectation[];

/** Caught by what it takes, and by what it tells. */
class RecordsEmptyCommits extends ReferenceStorage {
  protected override async write(changes: Changes, expect: Expectations): Promise<Revision> {
    await turn();
    for (const expectation of expect) this.check(expectation);
    if (changes.length === 0 && this.inFlight.size > 1) this.record([]);
    return this.applyAll(changes);
  }
}

export const brokenCommitsAtOnce: readonly BrokenBackend[] = [
  {
    group: 'batches',
    bug: 'an empty commit that is not alone takes a revision',
    caughtBy: 'an empty commit among others takes no revision, wherever it stands',
    create: (disk) => new RecordsEmptyCommits(disk),
  },
  {
    group: 'batches',
    bug: 'an empty commit that is not alone is told as an event',
    caughtBy: 'an empty commit among others is no event',
    create: (disk) => new RecordsEmptyCommits(disk),
  },
  {
    group: 'batches',
    bug: 'a commit that conflicts takes those along that came with it',
    caughtBy: 'of commits made at once, those that are wrong fail alone',
    create: (disk) =>
      new (class extends ReferenceStorage {
        #group: { failure?: unknown } | undefined;
        protected override async write(changes: Changes, expect: Expectations): Promise<Revision> {
          this.#group ??= {};
          const group = this.#group;
          await turn();
          this.#group = undefined;
          if (group.failure !== undefined) throw group.failure;
          try {
            for (const expectation of expect) this.check(expectation);
          } catch (error) {
            group.failure = error;
            throw error;
          }
          return this.applyAll(changes);
        }
      })(disk),
  },
];
