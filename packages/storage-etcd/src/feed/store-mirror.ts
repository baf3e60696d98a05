import type { RecordKind, Revision } from '@gati-framework/manifest-store';
import { type KeyTuple, TimeSlice } from '@gati-framework/manifest-store/backend';
import type { StoreState } from '@gati-framework/storage-kit';
import type { Head, Tail } from '../store/ends.js';
import type { LogChange, LogCommit, LogGroup } from '../store/log.js';
import type { RecordIndex } from '../store/record-index.js';
import type { DirtyRows } from './dirty-rows.js';
import type { LoadedStore } from './load-store.js';

export interface ChangedRecord {
  readonly kind: RecordKind;
  readonly key: KeyTuple;
}

/** `later`: something lies between; `other`: it belongs to another history. */
export type GroupRelation = 'known' | 'next' | 'later' | 'other';

/** More changes than these are not told one by one. */
const MAX_CHANGES = 2_000;

/** Gathers which records have changed. */
export class ChangedRecords {
  #records: ChangedRecord[] | 'all' = [];

  get any(): boolean {
    return this.#records === 'all' || this.#records.length > 0;
  }

  get all(): readonly ChangedRecord[] | 'all' {
    return this.#records;
  }

  note(change: LogChange): void {
    if (this.#records === 'all') return;
    if (change.op === 'clear' || this.#records.length >= MAX_CHANGES) this.#records = 'all';
    else this.#records.push(change.op === 'put' ? change.row : change);
  }
}

/**
 * The store as this process knows it. It is only ever changed within {@link exclusively}, by whole commits, and whoever
 * asks it does so outside of that.
 */
export class StoreMirror {
  #store: LoadedStore;
  #last: Promise<unknown> = Promise.resolve();
  #seenAt = 0;
  /** Groups on their way, and whether they were applied. */
  readonly #awaited = new Map<string, boolean>();

  constructor(store: LoadedStore) {
    this.#store = store;
    this.#seenAt = store.at;
  }

  get head(): Head {
    return this.#store.head;
  }

  get headMod(): number {
    return this.#store.headMod;
  }

  get tail(): Tail {
    return this.#store.tail;
  }

  get tailMod(): number {
    return this.#store.tailMod;
  }

  get index(): RecordIndex {
    return this.#store.index;
  }

  get dirty(): DirtyRows {
    return this.#store.dirty;
  }

  /** A revision of etcd at which the store was like this. */
  get seenAt(): number {
    return this.#seenAt;
  }

  get revision(): Revision {
    return this.#store.head.revision;
  }

  get state(): StoreState {
    return { revision: this.revision, counts: this.index.counts() };
  }

  /** Does work while nobody else changes anything here. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => {});
    return done;
  }

  /** From now on it is noted whether this group is applied. */
  await(group: string): void {
    this.#awaited.set(group, false);
  }

  hasApplied(group: string): boolean {
    return this.#awaited.get(group) === true;
  }

  forget(group: string): void {
    this.#awaited.delete(group);
  }

  replace(store: LoadedStore): void {
    this.#store = store;
    this.#seenAt = store.at;
  }

  /** Takes note of where the log begins. */
  async noteTail(tail: Tail, tailMod: number): Promise<void> {
    if (tailMod <= this.#store.tailMod) return;
    this.#store = { ...this.#store, tail, tailMod };
    await this.#store.dirty.forget(tail.indexed);
  }

  /**
   * Takes note of how etcd holds the head, if it is the one that is known.
   *
   * @param at The revision of etcd that was read.
   */
  noteHead(head: Head, headMod: number, at: number): void {
    if (head.revision !== this.revision) return;
    this.#store = { ...this.#store, head, headMod };
    this.#seenAt = Math.max(this.#seenAt, at);
  }

  /** What a group of the log is to what is known. */
  relationTo({ first, last, previous }: LogGroup): GroupRelation {
    const { revision, group } = this.head;
    if (last <= revision) return 'known';
    if (first > revision + 1) return 'later';
    return first === revision + 1 && previous === group ? 'next' : 'other';
  }

  /**
   * Applies the commits of the group that is next.
   *
   * @param commits All of them, with all their changes: nothing may go wrong halfway.
   * @param changed Told of what has changed.
   */
  async apply(
    { id, last, changes }: LogGroup,
    commits: readonly LogCommit[],
    changed: ChangedRecords,
  ): Promise<void> {
    const { head, index, dirty } = this.#store;
    const slice = new TimeSlice();
    let position = head.position;
    for (const commit of commits) {
      for (const change of commit.changes) {
        if (slice.isOver) await slice.next();
        applyChange(index, change);
        dirty.note(commit, change);
        changed.note(change);
        if (change.op === 'put') position = Math.max(position, change.row.position + 1);
      }
    }
    if (this.#awaited.has(id)) this.#awaited.set(id, true);
    this.#store = { ...this.#store, head: { ...head, revision: last, group: id, position, changes } };
  }
}

function applyChange(index: RecordIndex, change: LogChange): void {
  if (change.op === 'clear') index.clear();
  else if (change.op === 'delete') index.delete(change.kind, change.key);
  else index.set(change.row);
}
