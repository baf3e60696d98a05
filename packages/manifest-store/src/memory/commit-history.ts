import type { Revision } from '../contract/storage.js';
import { timers } from '../platform/timers.js';
import { compacted, notKept } from '../rules/common-errors.js';
import { heapWeight } from '../rules/heap-weight.js';
import type { PreparedChange } from '../rules/prepare-change.js';
import type { Retention } from '../rules/retention.js';
import type { Undo } from './undo.js';

/** A commit that is kept. */
export interface KeptCommit {
  readonly revision: Revision;
  readonly committedAt: number;
  readonly note: string | undefined;
  readonly changes: readonly PreparedChange[];
  /** What its changes have replaced, one for each; absent where that is more than may be kept. */
  undo: readonly Undo[] | undefined;
  weight: number;
}

/** What a commit and each of its changes weigh beside the values, in bytes. */
const CHANGE_WEIGHT = 256;

/** How much of a history is kept: what the retention asks for, as far as it has room. The latest commit is always kept whole. */
export interface HistoryLimits extends Retention {
  /** About, of heap: of what the store itself does not hold any more. */
  readonly bytes: number;
}

/** The latest commits, kept so that they can be told and undone. */
export class CommitHistory {
  readonly #limits: HistoryLimits;
  #commits: (KeptCommit | undefined)[] = [];
  /** Commits at the front that are no longer kept, and are `undefined`. */
  #dropped = 0;
  #changeCount = 0;
  #weight = 0;
  #revision: Revision = 0;
  /** The latest commit whose changes cannot be undone; 0: none. */
  #notUndoable: Revision = 0;

  constructor(limits: HistoryLimits) {
    this.#limits = limits;
  }

  /** Revision of the latest commit. */
  get revision(): Revision {
    return this.#revision;
  }

  /** The first revision that the store can be read at. */
  get oldestRevision(): Revision {
    return Math.max(this.#firstAfter, this.#notUndoable);
  }

  append(changes: readonly PreparedChange[], note: string | undefined, undo: readonly Undo[]): void {
    this.#revision += 1;
    const weight = weigh(undo, this.#limits.bytes);
    const commit = { revision: this.#revision, committedAt: timers.wallClock(), note, changes, undo, weight };
    this.#commits.push(commit);
    this.#changeCount += changes.length;
    this.#weight += weight;
    while (this.#commits.length - this.#dropped > 1 && this.#mayDropOldest()) this.#dropOldest();
    if (this.#weight > this.#limits.bytes) this.#forgetUndo(commit, undo);
    if (this.#dropped > 1024 && this.#dropped * 2 > this.#commits.length) {
      this.#commits = this.#commits.slice(this.#dropped);
      this.#dropped = 0;
    }
  }

  /** Lets everything go. */
  clear(): void {
    this.#commits = [];
    this.#dropped = 0;
  }

  /** Some of the commits after a revision, oldest first. */
  after(revision: Revision): KeptCommit[] {
    const oldest = this.#firstAfter;
    if (revision < oldest || revision > this.#revision) throw compacted(revision, oldest, this.#revision);
    return this.#between(revision, revision + 256);
  }

  /** The commits from one revision to before another, as far as they are kept, oldest first. */
  range(after: Revision | undefined, before: Revision | undefined): KeptCommit[] {
    const oldest = this.#firstAfter;
    const start = after ?? oldest;
    if (start < oldest || start > this.#revision) throw compacted(start, oldest, this.#revision);
    return this.#between(start, (before ?? this.#revision + 1) - 1);
  }

  /** What has to be undone to see the store as it was at a revision, newest first. */
  undoTo(revision: Revision): Undo[] {
    const oldest = this.oldestRevision;
    if (revision < oldest || revision > this.#revision) throw notKept(revision, oldest, this.#revision);
    const commits = this.#between(revision, this.#revision).reverse();
    return commits.flatMap(({ undo = [] }) => [...undo].reverse());
  }

  /** Every commit after this revision is kept. */
  get #firstAfter(): Revision {
    return this.#revision - (this.#commits.length - this.#dropped);
  }

  #between(after: Revision, last: Revision): KeptCommit[] {
    const start = this.#commits.length - (this.#revision - after);
    return this.#commits
      .slice(start, start + Math.max(0, last - after))
      .filter((commit) => commit !== undefined);
  }

  #mayDropOldest(): boolean {
    const { changes, age, bytes } = this.#limits;
    if (this.#weight > bytes) return true;
    if (this.#changeCount <= changes) return false;
    const oldest = this.#commits[this.#dropped];
    return oldest === undefined || age === 0 || timers.wallClock() - oldest.committedAt > age;
  }

  #dropOldest(): void {
    const { changes, weight } = this.#commits[this.#dropped] ?? { changes: [], weight: 0 };
    this.#changeCount -= changes.length;
    this.#weight -= weight;
    this.#commits[this.#dropped] = undefined;
    this.#dropped += 1;
  }

  #forgetUndo(commit: KeptCommit, undo: readonly Undo[]): void {
    this.#weight -= commit.weight;
    commit.weight = weigh(undo, this.#limits.bytes, commit.revision);
    this.#weight += commit.weight;
    commit.undo = undefined;
    this.#notUndoable = commit.revision;
  }
}

/**
 * The values that were put are not counted: the store holds them, and once they are replaced, what is to be undone does.
 *
 * @param putBy Only values that this commit has put, which it holds even if its changes cannot be undone; absent: all.
 */
function weigh(undo: readonly Undo[], limit: number, putBy?: Revision): number {
  let weight = CHANGE_WEIGHT;
  for (const { replaced } of undo) {
    weight += CHANGE_WEIGHT;
    for (const { value, revision } of replaced) {
      // What is too much is not kept, by however much: a large store is cleared without weighing all of it.
      if (weight > limit) return weight;
      if (putBy === undefined || putBy === revision) weight += heapWeight(value);
    }
  }
  return weight;
}
