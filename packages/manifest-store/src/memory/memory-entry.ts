import type { Entry, RecordKind } from '../contract/storage.js';
import { entryOf } from '../contract/told-records.js';
import { readSlot, type Slot } from './memory-tables.js';

/** A record as `get` and `entries` tell it. */
export function toEntry<K extends RecordKind>(slot: Slot<K>): Entry<K> {
  return entryOf(slot.kind, slot.key, readSlot(slot), slot.revision);
}

/** The handler that a record belongs to. */
export function handlerIdOf(slot: Slot): string | undefined {
  return 'handlerId' in slot.value ? slot.value.handlerId : undefined;
}
