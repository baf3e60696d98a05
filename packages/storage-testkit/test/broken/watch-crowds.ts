import type { Revision, StorageEvent, WatchOptions } from '@gati-framework/manifest-store';
import {
  ChangeFeed,
  type PreparedChange,
  type PreparedExpectation,
} from '@gati-framework/manifest-store/backend';
import type { BrokenBackend } from './broken-backend.js';
import { ReferenceStorage } from './reference-storage.js';
import { reading } from './storages.js';

const group = 'watch';

export const brokenWatchCrowds: readonly BrokenBackend[] = [
  {
    group,
    bug: 'four watchers woken, and no more',
    caughtBy: 'of many watchers each is told everything, also after half of them left',
    create: (disk) =>
      new (class extends ReferenceStorage {
        readonly #neverWoken = new ChangeFeed((after) => this.history(after));
        #count = 0;
        override watch(options: WatchOptions = {}): AsyncIterableIterator<StorageEvent> {
          this.#count += 1;
          return this.#count <= 4
            ? super.watch(options)
            : this.#neverWoken.watch(() => disk.revision, options);
        }
        override async close(): Promise<void> {
          this.#neverWoken.end();
          await super.close();
        }
      })(disk),
  },
  {
    group,
    bug: 'a wake that comes between reading and going to sleep is lost',
    caughtBy: 'a commit wakes a watcher at whatever moment of its going to sleep it comes',
    create: (disk) =>
      new (class extends ReferenceStorage {
        #falling = 0;
        protected override history(after: Revision): StorageEvent[] {
          const events = super.history(after);
          if (events.length === 0) void this.#fallAsleep();
          return events;
        }
        /** A few steps long, in which nobody listens. */
        async #fallAsleep(): Promise<void> {
          this.#falling += 1;
          for (let step = 0; step < 5; step += 1) await undefined;
          this.#falling -= 1;
        }
        protected override hear(): void {
          if (this.#falling === 0) super.hear();
        }
        /** At once, as a storage in memory does. */
        protected override async write(
          changes: readonly PreparedChange[],
          expect: readonly PreparedExpectation[],
        ): Promise<Revision> {
          for (const expectation of expect) this.check(expectation);
          return this.applyAll(changes);
        }
      })(disk),
  },
  {
    group,
    bug: 'a thousand changes told of an event, and no more',
    caughtBy: 'an event of thousands of changes is whole and in order, and so are those around it',
    create: reading((events) =>
      events.map((event) =>
        Object.freeze({ ...event, changes: Object.freeze(event.changes.slice(0, 1_000)) }),
      ),
    ),
  },
  {
    group,
    bug: 'the time of telling in place of the time of the commit',
    caughtBy: 'the time of a commit is when it was made, whenever it is told',
    create: reading((events) => events.map((event) => Object.freeze({ ...event, committedAt: Date.now() }))),
  },
];
