import type { KeyTuple } from '../contract/record-kinds.js';
import type { Transformer } from '../contract/records.js';
import type { RecordKind, RecordTypes, Revision } from '../contract/storage.js';
import type { PreparedPut } from '../rules/prepare-change.js';
import { snapshot } from '../rules/snapshot.js';

/** Where a record lives. It keeps its identity, and so its place, when the record is replaced. */
export interface Slot<K extends RecordKind = RecordKind> {
  readonly kind: K;
  readonly key: KeyTuple;
  /** Counts first storings; orders what was stored at the same `createdAt`. */
  readonly position: number;
  value: RecordTypes[K];
  frozen: boolean;
  revision: Revision;
}

/** What a reader gets: the frozen record itself, or a fresh copy of one that cannot be frozen. */
export function readSlot<K extends RecordKind>(slot: Slot<K>): RecordTypes[K] {
  return slot.frozen ? slot.value : snapshot(slot.value, slot.kind, Number.POSITIVE_INFINITY).value;
}

/** Records of one kind, by key and in first-stored order. */
export class RecordTable<K extends RecordKind> {
  readonly kind: K;
  /** In first-stored order: a Set yields its members in the order in which they came. */
  readonly slots: Set<Slot<K>> = new Set();
  /** By the first key field: the record itself, or where there are several, these by the second field. */
  readonly #byKey = new Map<string, Slot<K> | Map<string | undefined, Slot<K>>>();
  #nextPosition = 0;

  constructor(kind: K) {
    this.kind = kind;
  }

  get(first: string, second?: string): Slot<K> | undefined {
    const found = this.#byKey.get(first);
    if (found instanceof Map) return found.get(second);
    return found?.key[1] === second ? found : undefined;
  }

  /** @returns The record that it replaces, as it was. */
  put(put: PreparedPut<K>, revision: Revision): Slot<K> | undefined {
    const slot = this.get(put.key[0], put.key[1]);
    if (slot === undefined) {
      this.insert({
        kind: this.kind,
        key: put.key,
        position: this.#nextPosition++,
        value: put.value,
        frozen: put.frozen,
        revision,
      });
      return undefined;
    }
    const replaced = { ...slot };
    this.replace(slot, put, revision);
    return replaced;
  }

  /** @returns The record that it removes. */
  delete(key: KeyTuple): Slot<K> | undefined {
    const slot = this.get(key[0], key[1]);
    if (slot !== undefined) this.remove(slot);
    return slot;
  }

  clear(): void {
    this.slots.clear();
    this.#byKey.clear();
  }

  protected insert(slot: Slot<K>): void {
    const [first, second] = slot.key;
    this.slots.add(slot);
    const found = this.#byKey.get(first);
    if (found === undefined) {
      this.#byKey.set(first, slot);
    } else if (found instanceof Map) {
      found.set(second, slot);
    } else {
      const group = new Map<string | undefined, Slot<K>>();
      group.set(found.key[1], found);
      group.set(second, slot);
      this.#byKey.set(first, group);
    }
  }

  protected replace(slot: Slot<K>, put: PreparedPut<K>, revision: Revision): void {
    slot.value = put.value;
    slot.frozen = put.frozen;
    slot.revision = revision;
  }

  protected remove(slot: Slot<K>): void {
    const [first, second] = slot.key;
    this.slots.delete(slot);
    const group = this.#byKey.get(first);
    if (!(group instanceof Map)) {
      this.#byKey.delete(first);
    } else if (group.delete(second) && group.size === 0) {
      this.#byKey.delete(first);
    }
  }
}

/** Manifests, with the versions of each handler kept in order. */
export class ManifestTable extends RecordTable<'manifest'> {
  readonly #versions = new Map<string, Slot<'manifest'>[]>();

  /** Ascending by (createdAt, first stored); the last one is the latest. */
  versions(handlerId: string): readonly Slot<'manifest'>[] | undefined {
    return this.#versions.get(handlerId);
  }

  protected override insert(slot: Slot<'manifest'>): void {
    super.insert(slot);
    insertInto(this.#versions, slot.key[0], slot, byCreation);
  }

  protected override replace(slot: Slot<'manifest'>, put: PreparedPut<'manifest'>, revision: Revision): void {
    const moves = slot.value.createdAt !== put.value.createdAt;
    if (moves) removeFrom(this.#versions, slot.key[0], slot, byCreation);
    super.replace(slot, put, revision);
    if (moves) insertInto(this.#versions, slot.key[0], slot, byCreation);
  }

  protected override remove(slot: Slot<'manifest'>): void {
    super.remove(slot);
    removeFrom(this.#versions, slot.key[0], slot, byCreation);
  }

  override clear(): void {
    super.clear();
    this.#versions.clear();
  }
}

/** Transformers, with those of each pair of versions kept together. */
export class TransformerTable extends RecordTable<'transformer'> {
  /** By handlerId, fromVersion and toVersion. */
  readonly #pairs = new Map<string, Map<string, Map<string, Slot<'transformer'>[]>>>();

  /** In first-stored order. */
  between(
    handlerId: string,
    fromVersion: string,
    toVersion: string,
  ): readonly Slot<'transformer'>[] | undefined {
    return this.#pairs.get(handlerId)?.get(fromVersion)?.get(toVersion);
  }

  protected override insert(slot: Slot<'transformer'>): void {
    super.insert(slot);
    this.#link(slot, slot.value);
  }

  protected override replace(
    slot: Slot<'transformer'>,
    put: PreparedPut<'transformer'>,
    revision: Revision,
  ): void {
    this.#unlink(slot, slot.value);
    super.replace(slot, put, revision);
    this.#link(slot, put.value);
  }

  protected override remove(slot: Slot<'transformer'>): void {
    super.remove(slot);
    this.#unlink(slot, slot.value);
  }

  override clear(): void {
    super.clear();
    this.#pairs.clear();
  }

  #link(slot: Slot<'transformer'>, { handlerId, fromVersion, toVersion }: Transformer): void {
    const ofHandler = getOrAdd(this.#pairs, handlerId);
    insertInto(getOrAdd(ofHandler, fromVersion), toVersion, slot, byPosition);
  }

  #unlink(slot: Slot<'transformer'>, { handlerId, fromVersion, toVersion }: Transformer): void {
    const ofHandler = this.#pairs.get(handlerId);
    const ofVersion = ofHandler?.get(fromVersion);
    if (ofHandler === undefined || ofVersion === undefined) return;
    removeFrom(ofVersion, toVersion, slot, byPosition);
    if (ofVersion.size === 0) ofHandler.delete(fromVersion);
    if (ofHandler.size === 0) this.#pairs.delete(handlerId);
  }
}

function getOrAdd<K, L, V>(groups: Map<K, Map<L, V>>, key: K): Map<L, V> {
  let group = groups.get(key);
  if (group === undefined) {
    group = new Map();
    groups.set(key, group);
  }
  return group;
}

type Order<S> = (a: S, b: S) => number;

function byPosition(a: Slot, b: Slot): number {
  return a.position - b.position;
}

function byCreation(a: Slot<'manifest'>, b: Slot<'manifest'>): number {
  return a.value.createdAt - b.value.createdAt || a.position - b.position;
}

function insertInto<S>(groups: Map<string, S[]>, name: string, slot: S, order: Order<S>): void {
  const group = groups.get(name);
  if (group === undefined) groups.set(name, [slot]);
  else group.splice(placeOf(group, slot, order), 0, slot);
}

function removeFrom<S>(groups: Map<string, S[]>, name: string, slot: S, order: Order<S>): void {
  const group = groups.get(name);
  if (group?.length === 1) groups.delete(name);
  else group?.splice(placeOf(group, slot, order), 1);
}

/** Index of the first member that does not come before `slot`. */
function placeOf<S>(group: readonly S[], slot: S, order: Order<S>): number {
  let low = 0;
  let high = group.length;
  // New records mostly come last.
  if (comesBefore(group[high - 1], slot, order)) return high;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (comesBefore(group[middle], slot, order)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function comesBefore<S>(member: S | undefined, slot: S, order: Order<S>): boolean {
  return member !== undefined && order(member, slot) < 0;
}
