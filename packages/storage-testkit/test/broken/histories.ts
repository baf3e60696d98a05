import type { Revision, StorageEvent } from '@gati-framework/manifest-store';
import { compacted } from '@gati-framework/manifest-store/backend';
import type { BrokenBackend } from './broken-backend.js';
import { ReferenceStorage } from './reference-storage.js';

const group = 'history';
const WHOLE = 'as many changes as the limit says are kept, and each revision is replayed whole or not at all';

export const brokenHistories: readonly BrokenBackend[] = [
  {
    group,
    bug: 'what is no longer kept is skipped in silence',
    caughtBy: 'a watcher that falls too far behind is told so, and nothing is skipped before',
    create: (disk, options) =>
      new (class extends ReferenceStorage {
        protected override history(after: Revision): StorageEvent[] {
          return super.history(Math.max(after, disk.dropped));
        }
      })(disk, options),
  },
  {
    group,
    bug: 'the oldest kept commit is skipped by who watches from one before it',
    caughtBy: WHOLE,
    create: (disk, options) =>
      new (class extends ReferenceStorage {
        protected override history(after: Revision): StorageEvent[] {
          return super.history(after === disk.dropped - 1 ? disk.dropped : after);
        }
      })(disk, options),
  },
  {
    group,
    bug: 'the oldest kept commit is told to nobody',
    caughtBy: WHOLE,
    create: (disk, options) =>
      new (class extends ReferenceStorage {
        protected override history(after: Revision): StorageEvent[] {
          if (after === disk.dropped && after > 0) throw compacted(after, disk.dropped, disk.revision);
          return super.history(after);
        }
      })(disk, options),
  },
  {
    group,
    bug: 'one change fewer kept than the limit says',
    caughtBy: WHOLE,
    create: (disk, options) =>
      new (class extends ReferenceStorage {
        protected override trim(limit: number): void {
          super.trim(limit - 1);
        }
      })(disk, options),
  },
  {
    group,
    bug: 'a history that never ends',
    create: (disk, options) =>
      new (class extends ReferenceStorage {
        protected override trim(): void {}
      })(disk, options),
  },
];
