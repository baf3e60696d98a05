import { type KeyTuple, keyObject } from './record-kinds.js';
import type { Entry, LoggedStep, RecordKind, RecordTypes, Revision, StorageChange } from './storage.js';

// What `get`, `entries` and `watch` tell, frozen. The compiler cannot follow that kind, key and value belong together.

export function entryOf<K extends RecordKind>(
  kind: K,
  key: KeyTuple,
  value: RecordTypes[K],
  revision: Revision,
): Entry<K> {
  return Object.freeze({ kind, key: keyObject(kind, key), value, revision }) as Entry<K>;
}

export function putOf<K extends RecordKind>(kind: K, key: KeyTuple, value: RecordTypes[K]): StorageChange {
  return Object.freeze({ put: kind, key: keyObject(kind, key), value }) as StorageChange;
}

export function deletionOf(kind: RecordKind, key: KeyTuple): StorageChange {
  return Object.freeze({ delete: kind, key: keyObject(kind, key) }) as StorageChange;
}

/** A step as `log` tells it. */
export function stepOf(
  step:
    | { readonly op: 'put' | 'delete'; readonly kind: RecordKind; readonly key: KeyTuple }
    | { readonly op: 'clear' },
): LoggedStep {
  if (step.op === 'clear') return Object.freeze({ clear: true });
  return Object.freeze({
    [step.op]: step.kind,
    key: keyObject(step.kind, step.key),
  }) as unknown as LoggedStep;
}
