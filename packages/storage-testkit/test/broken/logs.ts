import type { Change, LogEntry, Revision } from '@gati-framework/manifest-store';
import type { LogRange, PreparedChange } from '@gati-framework/manifest-store/backend';
import type { BrokenBackend } from './broken-backend.js';
import type { Commit } from './disk.js';
import { ReferenceStorage } from './reference-storage.js';

/** A storage whose log takes its range for another. */
function ranging(change: (range: LogRange) => LogRange): BrokenBackend['create'] {
  return (disk) =>
    new (class extends ReferenceStorage {
      protected override logged(range: LogRange): LogEntry[] {
        return super.logged(change(range));
      }
    })(disk);
}

/** A storage whose log tells this instead. */
function telling(change: (entries: LogEntry[]) => LogEntry[]): BrokenBackend['create'] {
  return (disk) =>
    new (class extends ReferenceStorage {
      protected override logged(range: LogRange): LogEntry[] {
        return change(super.logged(range));
      }
    })(disk);
}

/** A storage that keeps this as the note of a commit. */
function noting(
  change: (note: string | undefined, commits: readonly Commit[]) => string | undefined,
): BrokenBackend['create'] {
  return (disk) =>
    new (class extends ReferenceStorage {
      protected override record(changes: readonly PreparedChange[], note?: string): void {
        super.record(changes, change(note, disk.commits));
      }
    })(disk);
}

export const brokenLogs: readonly BrokenBackend[] = [
  {
    group: 'log',
    model: true,
    bug: 'a log that includes the revision that it begins after',
    create: ranging(({ after, ...range }) => ({
      ...range,
      after: after === undefined ? after : Math.max(0, after - 1),
    })),
  },
  {
    group: 'log',
    model: true,
    bug: 'a log that includes the revision that it ends before',
    create: ranging(({ before, ...range }) => ({
      ...range,
      before: before === undefined ? before : before + 1,
    })),
  },
  {
    group: 'log',
    model: true,
    bug: 'a log whose limit counts from the other end',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override logged({ limit, ...range }: LogRange): LogEntry[] {
          return super.logged({ ...range, limit: Number.MAX_SAFE_INTEGER }).slice(-limit);
        }
      })(disk),
  },
  {
    group: 'log',
    model: true,
    bug: 'a log that is never reversed',
    create: ranging((range) => ({ ...range, reverse: false })),
  },
  { group: 'log', bug: 'a log of one page', create: telling((entries) => entries.slice(0, 256)) },
  {
    group: 'log',
    model: true,
    bug: 'changeCount of what is listed',
    create: telling((entries) =>
      entries.map((entry) => Object.freeze({ ...entry, changeCount: entry.changes.length })),
    ),
  },
  {
    group: 'log',
    bug: 'a log that lists every change',
    create: ranging((range) => ({ ...range, maxChanges: 99_999 })),
  },
  {
    group: 'log',
    bug: 'a log with values',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override summary(commit: Commit, maxChanges: number): LogEntry {
          const entry = super.summary(commit, maxChanges);
          const changes = entry.changes.map((change) => Object.freeze({ ...change, value: 1 }));
          return Object.freeze({ ...entry, changes: Object.freeze(changes) });
        }
      })(disk),
  },
  {
    group: 'log',
    bug: 'a log with a time of its own',
    create: telling((entries) =>
      entries.map((entry) => Object.freeze({ ...entry, committedAt: entry.committedAt + 1 })),
    ),
  },
  {
    group: 'log',
    bug: 'a log that goes on with what is committed meanwhile',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override async *log(): AsyncIterableIterator<LogEntry> {
          for (let at = 0; at < disk.commits.length; at += 1) yield* this.logged(rangeOf(at));
        }
      })(disk),
  },
  {
    group: 'log',
    model: true,
    bug: 'the log of the future is empty',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override logged(range: LogRange): LogEntry[] {
          return (range.after ?? 0) > disk.revision ? [] : super.logged(range);
        }
      })(disk),
  },
  { group: 'notes', model: true, bug: 'notes are dropped', create: noting(() => undefined) },
  { group: 'notes', bug: 'notes are trimmed', create: noting((note) => note?.trim().slice(0, 255)) },
  {
    group: 'notes',
    model: true,
    bug: 'a commit without a note has that of the one before it',
    create: noting((note, commits) => note ?? commits.at(-1)?.note),
  },
  {
    group: 'notes',
    bug: 'a note is told by the log only',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override event(commit: Commit): ReturnType<ReferenceStorage['event']> {
          return super.event({ ...commit, note: undefined });
        }
      })(disk),
  },
  {
    group: 'notes',
    bug: 'a note that is too long is cut',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override commit(changes: readonly Change[], options: { note?: string } = {}): Promise<Revision> {
          const { note } = options;
          return super.commit(
            changes,
            typeof note === 'string' && note !== '' ? { ...options, note: note.slice(0, 512) } : options,
          );
        }
      })(disk),
  },
  {
    group: 'notes',
    bug: 'notes that a restart forgets',
    caughtBy: 'notes and the log are there when the store is opened again',
    create: (disk) => {
      disk.commits = disk.commits.map((commit) => ({ ...commit, note: undefined }));
      return new ReferenceStorage(disk);
    },
  },
];

function rangeOf(after: Revision): LogRange {
  return { after, before: after + 2, reverse: false, limit: 1, maxChanges: 1_000 };
}
