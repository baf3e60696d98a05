import type { RecordKind } from '@gati-framework/manifest-store';
import { byKind, type KeyTuple } from '@gati-framework/manifest-store/backend';
import { nameOfKey, type Row } from './row.js';

type Rows = Map<string, Row>;

/** The rows of all records, by what they are found by. The texts stay in etcd. */
export class RecordIndex {
  /** In first-stored order: a map keeps the place of what is replaced, and puts last what was deleted before. */
  #rows: Record<RecordKind, Rows> = byKind(() => new Map());
  /** Manifests by handler. */
  #versions = new Map<string, Rows>();
  /** Transformers by handler and versions. */
  #between = new Map<string, Rows>();

  get(kind: RecordKind, key: KeyTuple): Row | undefined {
    return this.#rows[kind].get(nameOfKey(key));
  }

  set(row: Row): void {
    const name = nameOfKey(row.key);
    const before = this.#rows[row.kind].get(name);
    if (before !== undefined) this.#leaveGroup(before, name);
    this.#rows[row.kind].set(name, row);
    const group = this.#groupOf(row);
    if (group === undefined) return;
    const [groups, id] = group;
    const rows = groups.get(id);
    if (rows === undefined) groups.set(id, new Map([[name, row]]));
    else rows.set(name, row);
  }

  delete(kind: RecordKind, key: KeyTuple): void {
    const name = nameOfKey(key);
    const before = this.#rows[kind].get(name);
    if (before === undefined) return;
    this.#rows[kind].delete(name);
    this.#leaveGroup(before, name);
  }

  clear(): void {
    this.#rows = byKind(() => new Map());
    this.#versions = new Map();
    this.#between = new Map();
  }

  counts(): Record<RecordKind, number> {
    return byKind((kind) => this.#rows[kind].size);
  }

  /** In first-stored order. */
  rows(kind: RecordKind): IterableIterator<Row> {
    return this.#rows[kind].values();
  }

  /** Manifests of a handler, ascending by (createdAt, first stored). */
  versions(handlerId: string): Row[] {
    return [...(this.#versions.get(handlerId)?.values() ?? [])].sort(byAge);
  }

  /** The last of {@link versions}. */
  latest(handlerId: string): Row | undefined {
    let latest: Row | undefined;
    for (const row of this.#versions.get(handlerId)?.values() ?? []) {
      if (latest === undefined || byAge(latest, row) < 0) latest = row;
    }
    return latest;
  }

  /** Transformers with these values of their lookup fields, in first-stored order. */
  between(lookup: readonly string[]): Row[] {
    const found = this.#between.get(lookup.join('\0'))?.values() ?? [];
    return [...found].sort((a, b) => a.position - b.position);
  }

  #leaveGroup(row: Row, name: string): void {
    const group = this.#groupOf(row);
    if (group === undefined) return;
    const [groups, id] = group;
    const rows = groups.get(id);
    rows?.delete(name);
    if (rows?.size === 0) groups.delete(id);
  }

  #groupOf({ kind, key, lookup }: Row): [Map<string, Rows>, string] | undefined {
    if (kind === 'manifest') return [this.#versions, key[0]];
    if (kind === 'transformer') return [this.#between, lookup.join('\0')];
    return undefined;
  }
}

function byAge(a: Row, b: Row): number {
  return (a.createdAt ?? 0) - (b.createdAt ?? 0) || a.position - b.position;
}
