import type { RecordTypes, StorageError, StorageStats } from '@gati-framework/manifest-store';
import type { BrokenBackend } from './broken-backend.js';
import { ReferenceStorage } from './reference-storage.js';
import { refusingWith } from './storages.js';

export const brokenErrors: readonly BrokenBackend[] = [
  {
    group: 'errors',
    bug: 'storing resolves with a revision',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override storeManifest(record: RecordTypes['manifest']): Promise<void> {
          return super.storeManifest(record).then(() => 1 as never);
        }
      })(disk),
  },
  {
    group: 'errors',
    bug: 'lookups that answer without a promise',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override getVersionGraph(handlerId: string): never {
          return this.one('versionGraph', { handlerId }) as never;
        }
      })(disk),
  },
  {
    group: 'errors',
    bug: 'one error object for all refusals',
    create: (disk, options) => {
      let error: StorageError | undefined;
      return refusingWith((refusal) => {
        error ??= refusal;
        return error;
      })(disk, options);
    },
  },
  {
    group: 'errors',
    bug: 'getStats returns a promise',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override getStats(): StorageStats {
          return Promise.resolve(super.getStats()) as never;
        }
      })(disk),
  },
  {
    group: 'capabilities',
    bug: 'a capability is announced that is not there',
    create: (disk) => Object.assign(new ReferenceStorage(disk), { watch: undefined }) as never,
  },
  {
    group: 'capabilities',
    bug: 'a capability is neither announced nor denied',
    create: (disk) => {
      const { persistent: _, ...capabilities } = new ReferenceStorage(disk).capabilities;
      return Object.assign(new ReferenceStorage(disk), { capabilities }) as never;
    },
  },
];
