import type { Revision, StorageEvent, WatchOptions } from '@gati-framework/manifest-store';
import type { BrokenBackend } from './broken-backend.js';
import type { Disk } from './disk.js';
import { ReferenceStorage } from './reference-storage.js';
import { reading, wrapping } from './storages.js';

const group = 'watch';

export const brokenWatches: readonly BrokenBackend[] = [
  {
    group,
    model: true,
    bug: 'watch that repeats its first event',
    create: reading((events, after) => (after === 0 ? [...events.slice(0, 1), ...events] : events)),
  },
  {
    group,
    model: true,
    bug: 'watch that skips every fifth event',
    create: reading((events) => events.filter(({ revision }) => revision % 5 !== 0)),
  },
  {
    group,
    bug: 'watch that skips when many commits come at once',
    create: reading((events) => (events.length > 20 ? events.slice(-10) : events)),
  },
  {
    group,
    bug: 'watch that delivers the newest first',
    create: reading((events) => [...events].reverse()),
  },
  {
    group,
    bug: 'watch that stops after 256 events',
    create: reading((events, after) => (after >= 256 ? [] : events.slice(0, 256 - after))),
  },
  {
    group,
    model: true,
    bug: 'after taken to include the revision',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override watch(options: WatchOptions = {}): AsyncIterableIterator<StorageEvent> {
          const { after } = options;
          return super.watch(after !== undefined && after > 0 ? { ...options, after: after - 1 } : options);
        }
      })(disk),
  },
  {
    group,
    bug: 'without after, the last commit before the call is delivered too',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override watch(options: WatchOptions = {}): AsyncIterableIterator<StorageEvent> {
          return super.watch({ after: Math.max(0, disk.revision - 1), ...options });
        }
      })(disk),
  },
  {
    group,
    bug: 'a watch that begins at its first next()',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override async *watch(options: WatchOptions = {}): AsyncIterableIterator<StorageEvent> {
          yield* super.watch(options);
        }
      })(disk),
  },
  {
    group,
    bug: 'a watch whose return() waits for next()',
    create: wrapping((inner) => {
      let last: Promise<unknown> = Promise.resolve();
      return {
        next: () => {
          const result = inner.next();
          last = result;
          return result;
        },
        return: async () => {
          await last;
          return inner.return?.() as Promise<IteratorResult<StorageEvent>>;
        },
      };
    }),
  },
  {
    group,
    model: true,
    bug: 'clear told as deletes',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override applyAll(changes: Parameters<ReferenceStorage['applyAll']>[0]): Revision {
          const deletes = disk.rows.map(({ kind, key }) => ({ op: 'delete', kind, key }) as const);
          return super.applyAll(
            changes.flatMap((change) => (change.op === 'clear' && deletes.length > 0 ? deletes : [change])),
          );
        }
      })(disk),
  },
  {
    group,
    model: true,
    bug: 'a batch told as several events',
    create: reading((events) =>
      events.flatMap((event) => event.changes.map((change) => ({ ...event, changes: [change] }))),
    ),
  },
  {
    group,
    model: true,
    bug: 'only the last change of each record told',
    create: reading((events) =>
      events.map((event) => {
        const changes = new Map(
          event.changes.map((change) => ['key' in change ? JSON.stringify(change.key) : '', change]),
        );
        return { ...event, changes: [...changes.values()] };
      }),
    ),
  },
  {
    group,
    bug: 'events without a time',
    create: reading((events) => events.map((event) => ({ ...event, committedAt: 0 }))),
  },
  {
    group,
    bug: 'events that are not frozen',
    create: reading((events) => events.map((event) => ({ ...event, changes: [...event.changes] }))),
  },
  {
    group,
    bug: 'Dates and Maps shared by all watchers',
    create: (disk) => {
      const told = new Map<number, StorageEvent>();
      return new (class extends ReferenceStorage {
        protected override event(commit: Disk['commits'][number]): StorageEvent {
          const event = told.get(commit.revision) ?? super.event(commit);
          told.set(commit.revision, event);
          return event;
        }
      })(disk);
    },
  },
  {
    group,
    model: true,
    bug: 'a revision from the future ends the watch without an error',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override watch(options: WatchOptions = {}): AsyncIterableIterator<StorageEvent> {
          const { after = 0 } = options;
          const isFuture = Number.isSafeInteger(after) && after > disk.revision;
          return super.watch(isFuture ? { ...options, signal: AbortSignal.abort() } : options);
        }
      })(disk),
  },
  {
    group,
    bug: 'what is no revision taken for none',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override watch({ after, ...options }: WatchOptions = {}): AsyncIterableIterator<StorageEvent> {
          if (after === undefined) return super.watch(options);
          return super.watch({
            ...options,
            after: Number.isSafeInteger(after) && after >= 0 ? after : disk.revision + 1,
          });
        }
      })(disk),
  },
  {
    group,
    bug: 'abort ends a watch with an error',
    create: wrapping((inner, { signal }) => ({
      next: async () => {
        const result = await inner.next();
        if (result.done && signal?.aborted) throw new DOMException('aborted', 'AbortError');
        return result;
      },
    })),
  },
  {
    group,
    bug: 'a listener left on the signal',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override watch(options: WatchOptions = {}): AsyncIterableIterator<StorageEvent> {
          options.signal?.addEventListener('abort', () => {});
          return super.watch(options);
        }
      })(disk),
  },
  {
    group,
    bug: 'ending one watch ends all',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override watch(options: WatchOptions = {}): AsyncIterableIterator<StorageEvent> {
          const iterator = super.watch(options);
          const original = iterator.return?.bind(iterator);
          iterator.return = async () => {
            this.feed.end();
            return original?.() as Promise<IteratorResult<StorageEvent>>;
          };
          return iterator;
        }
      })(disk),
  },
  {
    group,
    bug: 'close() ends a watch with an error',
    create: wrapping((inner, _, storage) => ({
      next: async () => {
        const result = await inner.next();
        if (result.done) storage.getStats(); // which a closed storage refuses
        return result;
      },
    })),
  },
];
