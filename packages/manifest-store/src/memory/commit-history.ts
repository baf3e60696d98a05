import type { Revision } from '../contract/storage.js';
import { timers } from '../platform/timers.js';
import { compacted } from '../rules/common-errors.js';
import type { PreparedChange } from '../rules/prepare-change.js';

/** A commit that is kept. */
export interface KeptCommit {
  readonly revision: Revision;
  readonly committedAt: number;
  readonly changes: readonly PreparedChange[];
  readonly weight: number;
}

/** What a commit and each of its changes weigh beside the values, in bytes. */
const CHANGE_WEIGHT = 256;

/** How much of a history is kept. The latest commit is always kept whole. */
export interface HistoryLimits {
  readonly changes: number;
  /** About, of heap. */
  readonly bytes: number;
}

/** The latest commits, kept so that `watch` can replay them; bounded by the changes they hold and by their heap. */
export class CommitHistory {
  readonly #limits: HistoryLimits;
  #commits: (KeptCommit | undefined)[] = [];
  /** Commits at the front that are no longer kept, and are `undefined`. */
  #dropped = 0;
  #changeCount = 0;
  #weight = 0;
  #revision: Revision = 0;

  constructor(limits: HistoryLimits) {
    this.#limits = limits;
  }

  /** Revision of the latest commit. */
  get revision(): Revision {
    return this.#revision;
  }

  append(changes: readonly PreparedChange[]): void {
    this.#revision += 1;
    const weight = weigh(changes);
    this.#commits.push({ revision: this.#revision, committedAt: timers.wallClock(), changes, weight });
    this.#changeCount += changes.length;
    this.#weight += weight;
    while (this.#isTooLarge() && this.#commits.length - this.#dropped > 1) this.#dropOldest();
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

  #isTooLarge(): boolean {
    return this.#changeCount > this.#limits.changes || this.#weight > this.#limits.bytes;
  }

  #dropOldest(): void {
    const { changes, weight } = this.#commits[this.#dropped] ?? { changes: [], weight: 0 };
    this.#changeCount -= changes.length;
    this.#weight -= weight;
    this.#commits[this.#dropped] = undefined;
    this.#dropped += 1;
  }

  after(revision: Revision): KeptCommit[] {
    const oldest = this.#revision - (this.#commits.length - this.#dropped);
    if (revision < oldest || revision > this.#revision) throw compacted(revision, oldest, this.#revision);
    const start = this.#commits.length - (this.#revision - revision);
    return this.#commits.slice(start, start + 256).filter((commit) => commit !== undefined);
  }
}

function weigh(changes: readonly PreparedChange[]): number {
  let weight = CHANGE_WEIGHT;
  for (const change of changes) weight += CHANGE_WEIGHT + (change.op === 'put' ? change.weight : 0);
  return weight;
}
