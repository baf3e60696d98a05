import type { RecordKind, RecordTypes } from '@gati-framework/manifest-store';
import type { PreparedPut } from '@gati-framework/manifest-store/backend';
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
