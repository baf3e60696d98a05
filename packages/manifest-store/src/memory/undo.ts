import type { KeyTuple } from '../contract/record-kinds.js';
import type { RecordKind } from '../contract/storage.js';
import type { Slot } from './memory-tables.js';

/** What a change has replaced. */
export interface Undo {
  /** The record that it changed; absent where it cleared the store. */
  readonly of: { readonly kind: RecordKind; readonly key: KeyTuple } | undefined;
  /** The records as they were before, which nobody changes any more. */
  readonly replaced: readonly Slot[];
}

/** Keys cannot contain NUL, so the parts cannot run into each other. */
function nameOf({ kind, key }: { readonly kind: RecordKind; readonly key: KeyTuple }): string {
  return `${kind}\0${key.join('\0')}`;
}

/** How records were before something: only of those that have changed since. */
export class PastSlots {
  /** `undefined` for those that were absent. */
  readonly #slots = new Map<string, Slot | undefined>();

  /** @param undo What has to be undone, newest first. */
  constructor(undo: readonly Undo[]) {
    for (const { of, replaced } of undo) {
      if (of !== undefined) this.#slots.set(nameOf(of), undefined);
      for (const slot of replaced) this.#slots.set(nameOf(slot), slot);
    }
  }

  /** As it was, given how it is now. */
  find<K extends RecordKind>(kind: K, key: KeyTuple, now: Slot<K> | undefined): Slot<K> | undefined {
    const name = nameOf({ kind, key });
    return this.#slots.has(name) ? (this.#slots.get(name) as Slot<K> | undefined) : now;
  }

  /** The records of a kind as they were, in first-stored order, given how they are now. */
  list(kind: RecordKind, now: Iterable<Slot>): Slot[] {
    const found: Slot[] = [];
    for (const slot of now) if (!this.#slots.has(nameOf(slot))) found.push(slot);
    for (const slot of this.#slots.values()) if (slot?.kind === kind) found.push(slot);
    return found.sort((a, b) => a.position - b.position);
  }
}
