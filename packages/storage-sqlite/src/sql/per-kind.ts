import type { RecordKind } from '@gati-framework/manifest-store';
import { RECORD_KIND_NAMES } from '@gati-framework/manifest-store/backend';

/** @param make Is told the place of the kind in the list of kinds, too. */
export function perKind<T>(make: (kind: RecordKind, index: number) => T): Record<RecordKind, T> {
  const made: Partial<Record<RecordKind, T>> = {};
  RECORD_KIND_NAMES.forEach((kind, index) => {
    made[kind] = make(kind, index);
  });
  return made as Record<RecordKind, T>;
}
