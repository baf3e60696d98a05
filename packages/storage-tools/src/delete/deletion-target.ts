import { type Entry, type RecordKind, StorageError } from '@gati-framework/manifest-store';
import {
  describeKey,
  type KeyTuple,
  keyTuple,
  prepareRecordKey,
} from '@gati-framework/manifest-store/backend';

/**
 * What is to be deleted: a handler with all of its records, one version of it with what belongs to that, or one
 * record, by its kind and the fields of its key.
 */
export type DeletionTarget =
  | { readonly handlerId: string; readonly version?: string }
  | { readonly kind: RecordKind; readonly key: KeyTuple };

/** Whether a record is, or belongs to, what is to be deleted. */
export function isPartOf(target: DeletionTarget, entry: Entry): boolean {
  if ('kind' in target) {
    const key = keyTuple(entry.kind, entry.key);
    return entry.kind === target.kind && key.every((part, i) => part === target.key[i]);
  }
  if (entry.kind === 'gtype' || entry.value.handlerId !== target.handlerId) return false;
  const { version } = target;
  if (version === undefined) return true;
  switch (entry.kind) {
    case 'manifest':
    case 'timescapeMetadata':
      return entry.value.version === version;
    case 'transformer':
      return entry.value.fromVersion === version || entry.value.toVersion === version;
    default:
      return false;
  }
}

export function describeTarget(target: DeletionTarget): string {
  if ('kind' in target) return describeKey(target.kind, target.key);
  const { handlerId, version } = target;
  return version === undefined ? `handler ${handlerId}` : `version ${version} of handler ${handlerId}`;
}

/** Refuses what names nothing. */
export function checkTarget(target: DeletionTarget): void {
  if ('kind' in target) {
    const [first, second] = target.key;
    const key = { handlerId: first, ref: first, id: first, ...(second !== undefined && { version: second }) };
    prepareRecordKey({ kind: target.kind, key } as never, 'target');
  } else if (typeof target.handlerId !== 'string' || target.handlerId === '') {
    throw new StorageError('INVALID_OPTIONS', 'target.handlerId must be the id of a handler.', {
      path: 'target.handlerId',
    });
  }
}
