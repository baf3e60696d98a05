import { type Revision, StorageError } from '@gati-framework/manifest-store';
import type { PreparedChange, PreparedExpectation } from '@gati-framework/manifest-store/backend';
import { EncodeQueue } from './encode-queue.js';
import { GroupCommit, type GroupResult } from './group-commit.js';
import type { ReadCache } from './read-cache.js';
import type {
  CommitAnswer,
  CommitOutcome,
  EncodedChange,
  EncodedCommit,
  RecordDriver,
  StoreState,
} from './record-driver.js';

interface QueuedCommit extends EncodedCommit {
  readonly prepared: readonly PreparedChange[];
  readonly size: number;
}

/** A group of this many characters of records is worth a transaction of its own. */
const MAX_GROUP_SIZE = 8 * 1024 * 1024;
/** What a commit and each of its changes weigh beside their text. */
const CHANGE_WEIGHT = 512;

/** Encodes commits, groups those that arrive together, and tells the cache what became of them. */
export class CommitQueue {
  readonly #driver: RecordDriver;
  readonly #cache: ReadCache;
  readonly #whenOpened: () => Promise<void>;
  readonly #onCommitted: (state: StoreState) => void;
  readonly #encoding = new EncodeQueue();
  readonly #group: GroupCommit<QueuedCommit, Revision>;

  /** @param whenOpened Awaited before each group, so that commits may be submitted before, and keep their order. */
  constructor(
    driver: RecordDriver,
    cache: ReadCache,
    whenOpened: () => Promise<void>,
    onCommitted: (state: StoreState) => void,
  ) {
    this.#driver = driver;
    this.#cache = cache;
    this.#whenOpened = whenOpened;
    this.#onCommitted = onCommitted;
    this.#group = new GroupCommit(
      (commits) => this.#flush(commits),
      ({ size }) => size,
      MAX_GROUP_SIZE,
      blamesOneItem,
    );
  }

  submit(prepared: readonly PreparedChange[], expect: readonly PreparedExpectation[]): Promise<Revision> {
    return new Promise((resolve, reject) => {
      const join = (changes: readonly EncodedChange[]): void => {
        resolve(this.#group.submit({ prepared, changes, expect, size: sizeOf(changes) }));
      };
      this.#encoding.add(prepared, join, reject);
    });
  }

  /** Resolves when everything submitted so far is settled. */
  async drain(): Promise<void> {
    await this.#encoding.drain();
    await this.#group.drain();
  }

  async #flush(commits: readonly QueuedCommit[]): Promise<readonly GroupResult<Revision>[]> {
    await this.#whenOpened();
    return this.#cache.whileCommitting(async (committed) => {
      let isTold = false;
      const tell = ({ outcomes, state }: CommitAnswer): void => {
        if (isTold) return;
        isTold = true;
        const happened = commits.filter((_, i) => isMade(outcomes[i]));
        committed(happened.map(({ prepared }) => prepared));
        this.#onCommitted(state);
      };
      const answering = this.#driver.commit(commits, tell);
      const answer = answering instanceof Promise ? await answering : answering;
      tell(answer);
      return answer.outcomes.map(toResult);
    });
  }
}

function toResult(outcome: CommitOutcome): GroupResult<Revision> {
  return isMade(outcome) ? { result: outcome.revision, error: undefined } : { error: outcome.error };
}

/** By what it says itself: what others gave Object.prototype is nothing that happened to a commit. */
function isMade(
  outcome: CommitOutcome | undefined,
): outcome is Extract<CommitOutcome, { readonly revision: Revision }> {
  return outcome !== undefined && Object.hasOwn(outcome, 'revision') && outcome.revision !== undefined;
}

function blamesOneItem(error: unknown): boolean {
  return error instanceof StorageError && (error.code === 'STORAGE_FULL' || error.code === 'STORAGE_FAILED');
}

function sizeOf(changes: readonly EncodedChange[]): number {
  return changes.reduce((size, change) => size + CHANGE_WEIGHT + textLength(change), CHANGE_WEIGHT);
}

function textLength(change: EncodedChange): number {
  return change.op === 'put' ? change.text.length : 0;
}
