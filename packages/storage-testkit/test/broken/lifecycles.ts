import type {
  GType,
  LogEntry,
  LogOptions,
  Revision,
  StorageHealth,
  StorageStats,
} from '@gati-framework/manifest-store';
import { closed, type PreparedChange, readLogRange } from '@gati-framework/manifest-store/backend';
import type { BrokenBackend } from './broken-backend.js';
import { Disk } from './disk.js';
import { ReferenceStorage, turn } from './reference-storage.js';

type Changes = readonly PreparedChange[];
type Expectations = Parameters<ReferenceStorage['accept']>[1];

export const brokenLifecycles: readonly BrokenBackend[] = [
  {
    group: 'lifecycle',
    bug: 'close that forgets in-flight writes',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override async write(changes: Changes, expect: Expectations): Promise<Revision> {
          await turn();
          this.assertOpen();
          return super.write(changes, expect);
        }
      })(disk),
  },
  {
    group: 'lifecycle',
    bug: 'close that does not wait for in-flight writes',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override async close(): Promise<void> {
          this.inFlight.clear();
          await super.close();
        }
      })(disk),
  },
  {
    group: 'lifecycle',
    bug: 'a storage that can be closed once',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override async close(): Promise<void> {
          this.assertOpen();
          await super.close();
        }
      })(disk),
  },
  {
    group: 'lifecycle',
    bug: 'a storage that can be opened once',
    create: (disk) =>
      new (class extends ReferenceStorage {
        #opened = false;
        override async open(): Promise<void> {
          if (this.#opened) throw new Error('already open');
          this.#opened = true;
        }
      })(disk),
  },
  {
    group: 'lifecycle',
    bug: 'a storage whose first use must not be by many calls at once',
    create: (disk) =>
      new (class extends ReferenceStorage {
        #opened = false;
        override async open(): Promise<void> {
          await super.open();
          this.#opened = true;
        }
        protected override assertOpen(): void {
          super.assertOpen();
          if (!this.#opened && this.disk.revision === 0 && this.inFlight.size > 3)
            throw new Error('not open');
        }
      })(disk),
  },
  {
    group: 'lifecycle',
    bug: 'lookups answered after close',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override async getGType(ref: string): Promise<GType | undefined> {
          return disk.rows.find(({ key }) => key[0] === ref)?.value as GType;
        }
      })(disk),
  },
  {
    group: 'lifecycle',
    bug: 'counts answered after close',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override getStats(): StorageStats {
          if (!this.closed) return super.getStats();
          return new ReferenceStorage(new Disk()).getStats();
        }
      })(disk),
  },
  {
    group: 'lifecycle',
    bug: 'health answered after close',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override async health(): Promise<StorageHealth> {
          if (!this.closed) return super.health();
          return { status: 'failed', latency: 0, error: closed() };
        }
      })(disk),
  },
  {
    group: 'lifecycle',
    bug: 'a log that is told after close',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override async *log(options: LogOptions = {}): AsyncIterableIterator<LogEntry> {
          yield* this.logged(readLogRange(options));
        }
      })(disk),
  },
  {
    group: 'lifecycle',
    bug: 'raw errors after close',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override assertOpen(): void {
          if (this.closed) throw new TypeError('The database connection is not open');
        }
      })(disk),
  },
  {
    group: 'lifecycle',
    bug: 'calls accepted until close() has resolved',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override async close(): Promise<void> {
          await turn();
          await super.close();
        }
      })(disk),
  },
  {
    group: 'lifecycle',
    bug: 'closing one closes all',
    create: (() => {
      const all = new Set<ReferenceStorage>();
      return (disk) => {
        const storage = new (class extends ReferenceStorage {
          protected override assertOpen(): void {
            if (this.closed || !all.has(this)) throw closed();
          }
          override async close(): Promise<void> {
            await super.close();
            all.clear();
          }
        })(disk);
        all.add(storage);
        return storage;
      };
    })(),
  },
  {
    group: 'lifecycle',
    bug: 'asyncDispose that does nothing',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override async [Symbol.asyncDispose](): Promise<void> {}
      })(disk),
  },
  {
    group: 'lifecycle',
    bug: 'health without a revision',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override async health(): Promise<StorageHealth> {
          this.assertOpen();
          return { status: 'ok', latency: 0 };
        }
      })(disk),
  },
];
