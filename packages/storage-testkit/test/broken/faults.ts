import type {
  Change,
  CommitOptions,
  RecordKind,
  RecordTypes,
  Revision,
} from '@gati-framework/manifest-store';
import {
  type PreparedPut,
  prepareChanges,
  prepareExpectations,
  preparePut,
} from '@gati-framework/manifest-store/backend';
import type { BrokenBackend } from './broken-backend.js';
import type { Row } from './disk.js';
import { ReferenceStorage } from './reference-storage.js';

/** What shows only with small limits, damage, and places that cannot be opened. */
export const brokenFaults: readonly BrokenBackend[] = [
  {
    group: 'limits',
    bug: 'commit() knows no maxRecordBytes',
    caughtBy:
      'commit() heeds maxRecordBytes for each of its records, and stores nothing when one is too large',
    create: (disk, options) =>
      new (class extends ReferenceStorage {
        override async commit(changes: readonly Change[], { expect }: CommitOptions = {}): Promise<Revision> {
          return this.accept(prepareChanges(changes), prepareExpectations(expect));
        }
      })(disk, options),
  },
  {
    group: 'limits',
    bug: 'maxRecordBytes taken to exclude itself',
    caughtBy: 'a record as large as maxRecordBytes is stored, and a larger one refused',
    create: (disk, { maxRecordBytes, ...options }) =>
      new ReferenceStorage(disk, {
        ...options,
        ...(maxRecordBytes && { maxRecordBytes: maxRecordBytes - 1 }),
      }),
  },
  {
    group: 'limits',
    bug: 'maxRecordBytes counted in a record without its key',
    caughtBy: 'a record as large as maxRecordBytes is stored, and a larger one refused',
    create: (disk, options) =>
      new (class extends ReferenceStorage {
        protected override prepare<K extends RecordKind>(kind: K, record: RecordTypes[K]): PreparedPut<K> {
          return preparePut(kind, record, options.maxRecordBytes && options.maxRecordBytes + 20);
        }
      })(disk, options),
  },
  {
    group: 'limits',
    bug: 'what falls out of the cache is gone from the store',
    caughtBy: 'with room for 3000 characters in the cache every read is right',
    create: (disk, { cacheSize = Number.POSITIVE_INFINITY, ...options }) =>
      new (class extends ReferenceStorage {
        protected override put(change: PreparedPut, revision: Revision): void {
          super.put(change, revision);
          while (JSON.stringify(disk.rows.map(({ key }) => key)).length > cacheSize / 10) disk.rows.shift();
        }
      })(disk, options),
  },
  {
    group: 'damage',
    bug: 'checksums that nobody compares',
    caughtBy: 'gtype: a record that was changed on the disk is STORAGE_CORRUPT, and the others are there',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override handOut(row: Row): Row['value'] {
          return super.handOut({ ...row, isDamaged: false });
        }
      })(disk),
  },
  {
    group: 'damage',
    bug: 'a damaged record taken for an absent one',
    caughtBy: 'lists, entries and get do not hand out what was changed on the disk',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override select(...args: Parameters<ReferenceStorage['select']>): Row[] {
          return super.select(...args).filter(({ isDamaged }) => !isDamaged);
        }
      })(disk),
  },
  {
    group: 'opening',
    bug: 'a failed opening is remembered',
    caughtBy: 'a failed opening is not remembered: the next call opens the storage',
    create: (disk) =>
      new (class extends ReferenceStorage {
        #failure: unknown;
        protected override assertOpen(): void {
          if (this.#failure !== undefined && !this.closed) throw this.#failure;
          try {
            super.assertOpen();
          } catch (error) {
            this.#failure = error;
            throw error;
          }
        }
      })(disk),
  },
  {
    group: 'opening',
    bug: 'a raw error when the place cannot be opened',
    caughtBy: 'whichever call met a failed opening, the same call succeeds later',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override assertOpen(): void {
          if (disk.isBlocked && !this.closed) throw new Error('ENOENT: no such file or directory');
          super.assertOpen();
        }
      })(disk),
  },
  {
    group: 'opening',
    bug: 'what could not be opened cannot be closed',
    caughtBy: 'a storage that could not be opened can be closed, also while it tries',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override async close(): Promise<void> {
          if (!this.closed) this.assertOpen();
          await super.close();
        }
      })(disk),
  },
];
