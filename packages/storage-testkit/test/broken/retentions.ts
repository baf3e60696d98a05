import type { Revision } from '@gati-framework/manifest-store';
import type { BrokenBackend } from './broken-backend.js';
import type { Row } from './disk.js';
import { ReferenceStorage } from './reference-storage.js';

export const brokenRetentions: readonly BrokenBackend[] = [
  {
    group: 'retention',
    bug: 'values go with the change that put them',
    caughtBy: 'a value stays as long as the change that replaced it is kept',
    create: (disk, options) =>
      new (class extends ReferenceStorage {
        protected override rowsAt(at: Revision): readonly Row[] {
          const rows = super.rowsAt(at);
          return at === disk.revision ? rows : rows.filter(({ revision }) => revision > disk.dropped);
        }
      })(disk, options),
  },
  {
    group: 'retention',
    bug: 'what is no longer kept is shown as it was later',
    create: (disk, options) =>
      new (class extends ReferenceStorage {
        protected override rowsAt(at: Revision): readonly Row[] {
          return super.rowsAt(Math.max(at, disk.dropped));
        }
      })(disk, options),
  },
  {
    group: 'retention',
    bug: 'oldestRevision is the first commit that is told',
    create: (disk, options) =>
      new (class extends ReferenceStorage {
        override async stats(): ReturnType<ReferenceStorage['stats']> {
          return { ...(await super.stats()), oldestRevision: disk.dropped + 1 };
        }
      })(disk, options),
  },
  {
    group: 'retention',
    bug: 'fewer changes are kept than the limit says',
    create: (disk, { historyLimit, ...options }) =>
      new ReferenceStorage(disk, {
        ...options,
        ...(historyLimit !== undefined && { historyLimit: Math.ceil(historyLimit / 2) }),
      }),
  },
  {
    group: 'retention',
    bug: 'the age of commits does not count',
    caughtBy: 'commits that are younger than the age stay, however many there are',
    create: (disk, { historyAge: _, ...options }) => new ReferenceStorage(disk, options),
  },
  {
    group: 'retention',
    bug: 'what is older than the age goes, whatever the limit says',
    caughtBy: 'commits that are older than the age stay as long as the limit asks for them',
    create: (disk, options) =>
      new (class extends ReferenceStorage {
        protected override trim(limit: number): void {
          super.trim(options.historyAge === 1 ? Math.min(limit, 2) : limit);
        }
      })(disk, options),
  },
  {
    group: 'retention',
    bug: 'a log that skips what is no longer kept',
    create: (disk, options) =>
      new (class extends ReferenceStorage {
        protected override logged(
          range: Parameters<ReferenceStorage['logged']>[0],
        ): ReturnType<ReferenceStorage['logged']> {
          return super.logged({ ...range, after: Math.max(range.after ?? 0, disk.dropped) });
        }
      })(disk, options),
  },
];
