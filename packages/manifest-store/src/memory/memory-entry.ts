import { keyObject } from '../contract/record-kinds.js';
import type { Entry, RecordKind } from '../contract/storage.js';
import { readSlot, type Slot } from './memory-tables.js';

/** A record as `get` and `entries` tell it. */
export function toEntry<K extends RecordKind>(slot: Slot<K>): Entry<K> {
  return Object.freeze({
    kind: slot.kind,
    key: keyObject(slot.kind, slot.key),
    value: readSlot(slot),
    revision: slot.revision,
  }) as Entry<K>;
}

/** The handler that a record belongs to. */
export function handlerIdOf(slot: Slot): string | undefined {
  return (slot.value as { handlerId?: string }).handlerId;
}
