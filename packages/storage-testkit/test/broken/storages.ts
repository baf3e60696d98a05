import type {
  RecordKind,
  RecordTypes,
  Revision,
  StorageError,
  StorageEvent,
  WatchOptions,
} from '@gati-framework/manifest-store';
import { type PreparedPut, preparePut } from '@gati-framework/manifest-store/backend';
import type { BrokenBackend } from './broken-backend.js';
import type { Row } from './disk.js';
import { ReferenceStorage } from './reference-storage.js';

/** A storage that keeps this instead of what it should: made of the proper copy and of what was handed in. */
export function keeping(change: <T extends object>(copy: T, record: T) => T): BrokenBackend['create'] {
  return (disk) =>
    new (class extends ReferenceStorage {
      protected override prepare<K extends RecordKind>(kind: K, record: RecordTypes[K]): PreparedPut<K> {
        const put = super.prepare(kind, record);
        return { ...put, value: change(put.value, record) };
      }
    })(disk);
}

/** A storage that hands out what this makes of the stored record. */
export function handingOut(
  change: (value: Row['value'], kind: RecordKind) => Row['value'],
): BrokenBackend['create'] {
  return (disk) =>
    new (class extends ReferenceStorage {
      protected override handOut({ value, kind }: Row): Row['value'] {
        return change(value, kind);
      }
    })(disk);
}

type Prepare = <K extends RecordKind>(kind: K, record: RecordTypes[K]) => PreparedPut<K>;

/** A storage that prepares records in this way. */
export function preparing(prepare: Prepare): BrokenBackend['create'] {
  return (disk) =>
    new (class extends ReferenceStorage {
      protected override prepare<K extends RecordKind>(kind: K, record: RecordTypes[K]): PreparedPut<K> {
        return prepare(kind, record);
      }
    })(disk);
}

/** A storage whose refusals are these errors. */
export function refusingWith(change: (error: StorageError) => unknown): BrokenBackend['create'] {
  return preparing((kind, record) => {
    try {
      return preparePut(kind, record);
    } catch (error) {
      throw change(error as StorageError);
    }
  });
}

/** A storage whose watchers read the history like this. */
export function reading(
  change: (events: StorageEvent[], after: Revision) => StorageEvent[],
): BrokenBackend['create'] {
  return (disk) =>
    new (class extends ReferenceStorage {
      protected override history(after: Revision): StorageEvent[] {
        return change(super.history(after), after);
      }
    })(disk);
}

type Wrapper = (
  inner: AsyncIterableIterator<StorageEvent>,
  options: WatchOptions,
  storage: ReferenceStorage,
) => Partial<AsyncIterableIterator<StorageEvent>>;

/** A storage whose watches have these methods instead of their own. */
export function wrapping(wrap: Wrapper): BrokenBackend['create'] {
  return (disk) =>
    new (class extends ReferenceStorage {
      override watch(options: WatchOptions = {}): AsyncIterableIterator<StorageEvent> {
        const inner = super.watch(options);
        const outer: AsyncIterableIterator<StorageEvent> = {
          next: () => inner.next(),
          return: () => inner.return?.() as Promise<IteratorResult<StorageEvent>>,
          [Symbol.asyncIterator]: () => outer,
          ...wrap(inner, options, this),
        };
        return outer;
      }
    })(disk);
}
