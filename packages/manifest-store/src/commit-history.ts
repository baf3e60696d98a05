import { compacted } from './common-errors.js';
import type { PreparedChange } from './prepare-change.js';
import { keyObject } from './record-kinds.js';
import { snapshot } from './snapshot.js';
import type { Revision, StorageChange, StorageEvent } from './storage.js';

/** A commit that is kept. */
export interface KeptCommit {
  readonly revision: Revision;
  readonly committedAt: number;
  readonly changes: readonly PreparedChange[];
}

/** The latest commits, kept so that `watch` can replay them; bounded by the changes they hold. */
export class CommitHistory {
  readonly #limit: number;
  #commits: KeptCommit[] = [];
  /** Commits at the front that are no longer kept. */
  #dropped = 0;
  #changeCount = 0;
  #revision: Revision = 0;

  /** @param limit Most changes to keep; the latest commit is always kept whole. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Revision of the latest commit. */
  get revision(): Revision {
    return this.#revision;
  }

  append(changes: readonly PreparedChange[]): void {
    this.#revision += 1;
    this.#commits.push({ revision: this.#revision, committedAt: Date.now(), changes });
    this.#changeCount += changes.length;
    while (this.#changeCount > this.#limit && this.#commits.length - this.#dropped > 1) {
      this.#changeCount -= (this.#commits[this.#dropped] as KeptCommit).changes.length;
      (this.#commits as (KeptCommit | undefined)[])[this.#dropped] = undefined;
      this.#dropped += 1;
    }
    if (this.#dropped > 1024 && this.#dropped * 2 > this.#commits.length) {
      this.#commits = this.#commits.slice(this.#dropped);
      this.#dropped = 0;
    }
  }

  after(revision: Revision): KeptCommit[] {
    const oldest = this.#revision - (this.#commits.length - this.#dropped);
    if (revision < oldest || revision > this.#revision) throw compacted(revision, oldest, this.#revision);
    const start = this.#commits.length - (this.#revision - revision);
    return this.#commits.slice(start, start + 256);
  }
}

/** A commit as `watch` reports it. */
export function toEvent({ revision, committedAt, changes }: KeptCommit): StorageEvent {
  return Object.freeze({ revision, committedAt, changes: Object.freeze(changes.map(toStorageChange)) });
}

/** A change as `watch` reports it. */
export function toStorageChange(change: PreparedChange): StorageChange {
  switch (change.op) {
    case 'clear':
      return Object.freeze({ clear: true });
    case 'delete':
      return Object.freeze({
        delete: change.kind,
        key: keyObject(change.kind, change.key),
      }) as StorageChange;
    case 'put': {
      const value = change.frozen
        ? change.value
        : snapshot(change.value, change.kind, Number.POSITIVE_INFINITY).value;
      return Object.freeze({
        put: change.kind,
        key: keyObject(change.kind, change.key),
        value,
      }) as StorageChange;
    }
  }
}
