import type { RecordKind, RecordTypes } from '@gati-framework/manifest-store';
import { StorageError } from '@gati-framework/manifest-store';
import { keyTuple, type PreparedPut, preparePut } from '@gati-framework/manifest-store/backend';
import type { BrokenBackend } from './broken-backend.js';
import { ReferenceStorage } from './reference-storage.js';
import { preparing, refusingWith } from './storages.js';

const group = 'refusals';

/** A storage that stores what should be refused, made storable by this. */
function accepting(
  refusal: RegExp,
  repair: (record: Record<string, unknown>) => object,
): BrokenBackend['create'] {
  return preparing((kind, record) => {
    try {
      return preparePut(kind, record);
    } catch (error) {
      if (!refusal.test((error as Error).message)) throw error;
      return preparePut(kind, repair(record as unknown as Record<string, unknown>) as typeof record);
    }
  });
}

export const brokenRefusals: readonly BrokenBackend[] = [
  {
    group,
    model: true,
    bug: 'functions silently dropped',
    create: accepting(/a function, which/, (record) => without(record, (part) => typeof part === 'function')),
  },
  {
    group,
    bug: 'symbols silently dropped',
    create: accepting(/a symbol/, (record) => without(record, (part) => typeof part === 'symbol')),
  },
  {
    group,
    bug: 'class instances turned into plain objects',
    create: accepting(/is an instance of Point/, ({ details: _, ...record }) => ({ ...record, details: {} })),
  },
  {
    group,
    bug: 'getters called',
    create: accepting(/is a getter/, ({ details: _, ...record }) => record),
  },
  {
    group,
    bug: '__proto__ dropped',
    create: accepting(/__proto__/, ({ details: _, ...record }) => record),
  },
  {
    group,
    bug: 'cycles cut',
    create: accepting(/circular/, ({ details: _, ...record }) => record),
  },
  {
    group,
    bug: 'any depth accepted',
    create: accepting(/nested more/, ({ details: _, ...record }) => record),
  },
  {
    group,
    bug: 'any size accepted',
    create: accepting(/larger than/, ({ details: _, ...record }) => record),
  },
  {
    group,
    bug: 'size counted in characters',
    create: preparing((kind, record) => {
      const { details } = record as { details?: unknown };
      const isSmall = typeof details === 'string' && details.length < 16 * 1024 * 1024;
      return preparePut(kind, record, isSmall ? Number.POSITIVE_INFINITY : undefined);
    }),
  },
  {
    group,
    model: true,
    bug: 'any createdAt accepted',
    create: accepting(/createdAt must/, (record) => ({ ...record, createdAt: 0 })),
  },
  {
    group,
    model: true,
    bug: 'empty keys accepted',
    create: accepting(/must not be empty/, (record) =>
      replaceValues(record, (part) => (part === '' ? 'empty' : part)),
    ),
  },
  {
    group,
    bug: 'NUL in keys stripped',
    create: accepting(/NUL characters/, (record) =>
      replaceValues(record, (part) => (typeof part === 'string' ? `x${part.replaceAll('\0', '')}` : part)),
    ),
  },
  {
    group,
    bug: 'ill-formed keys accepted',
    create: accepting(/well-formed/, (record) =>
      replaceValues(record, (part) => (typeof part === 'string' ? Buffer.from(part).toString() : part)),
    ),
  },
  {
    group,
    model: true,
    bug: 'numbers accepted as keys',
    create: accepting(/must be a string, not a number/, (record) =>
      replaceValues(record, (part) => (typeof part === 'number' && part < 1e9 ? `${part}` : part)),
    ),
  },
  {
    group,
    bug: 'keys measured in characters',
    create: preparing((kind, record) => {
      try {
        return preparePut(kind, record);
      } catch (error) {
        if (!/UTF-8 bytes/.test(String(error))) throw error;
        if (Object.values(record).some((value) => value?.length > 512)) throw error;
        return {
          op: 'put',
          kind,
          key: keyTuple(kind, record),
          value: record,
          json: true,
          frozen: true,
          text: undefined,
        };
      }
    }),
  },
  {
    group,
    model: true,
    bug: 'lookups take anything for a key',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override checkKeys(): void {}
      })(disk),
  },
  {
    group,
    bug: 'only found keys are not checked: the second field never is',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override checkKeys(keys: Readonly<Record<string, unknown>>): void {
          super.checkKeys(Object.fromEntries(Object.entries(keys).slice(0, 1)));
        }
      })(disk),
  },
  { group, bug: 'refusals are TypeErrors', create: refusingWith((error) => new TypeError(error.message)) },
  {
    group,
    bug: 'refusals have a code of their own',
    create: refusingWith(
      ({ message, path }) => new StorageError('STORAGE_FAILED', message, path === undefined ? {} : { path }),
    ),
  },
  {
    group,
    bug: 'refusals do not name the place',
    create: refusingWith(() => new StorageError('INVALID_RECORD', 'This record cannot be stored.')),
  },
  {
    group,
    bug: 'refusals are thrown at once, not rejected',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override storeGType(record: RecordTypes['gtype']): Promise<void> {
          preparePut('gtype', record);
          return super.storeGType(record);
        }
      })(disk),
  },
  {
    group,
    bug: 'a refused replacement removes the record',
    create: (disk) => {
      const storage = new (class extends ReferenceStorage {
        protected override prepare<K extends RecordKind>(kind: K, record: RecordTypes[K]): PreparedPut<K> {
          try {
            return super.prepare(kind, record);
          } catch (error) {
            if (record !== null && typeof record === 'object') this.remove(kind, keyTuple(kind, record));
            throw error;
          }
        }
      })(disk);
      return storage;
    },
  },
];

/** The record without the parts that match. */
function without(record: Record<string, unknown>, matches: (part: unknown) => boolean): object {
  return Object.fromEntries(
    Object.entries(record).flatMap(([name, field]) => {
      if (matches(field)) return [];
      if (typeof field !== 'object' || field === null) return [[name, field]];
      return [[name, Array.isArray(field) ? [] : without({ ...field }, matches)]];
    }),
  );
}

function replaceValues(record: Record<string, unknown>, change: (part: unknown) => unknown): object {
  return Object.fromEntries(Object.entries(record).map(([name, field]) => [name, change(field)]));
}
