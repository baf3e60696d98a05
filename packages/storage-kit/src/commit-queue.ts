import { type Revision, StorageError } from '@gati-framework/manifest-store';
import type { PreparedChange, PreparedExpectation } from '@gati-framework/manifest-store/backend';
import { encodeChange } from './codec.js';
import { GroupCommit, type GroupResult } from './group-commit.js';
import type { ReadCache } from './read-cache.js';
import type { EncodedChange, EncodedCommit, RecordDriver, StoreState } from './record-driver.js';

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
  readonly #onCommitted: (state: StoreState) => void;
  readonly #group: GroupCommit<QueuedCommit, Revision>;
  /** Commits accepted before the storage was open. */
  readonly #early = new Set<Promise<Revision>>();

  constructor(driver: RecordDriver, cache: ReadCache, onCommitted: (state: StoreState) => void) {
    this.#driver = driver;
    this.#cache = cache;
    this.#onCommitted = onCommitted;
    this.#group = new GroupCommit(
      (commits) => this.#flush(commits),
      ({ size }) => size,
      MAX_GROUP_SIZE,
      isAboutContent,
    );
  }

  /** @param opened Wait for this before joining a group. */
  submit(
    prepared: readonly PreparedChange[],
    expect: readonly PreparedExpectation[],
    opened: Promise<void> | undefined,
  ): Promise<Revision> {
    const changes = prepared.map(encodeChange);
    const commit: QueuedCommit = { prepared, changes, expect, size: sizeOf(changes) };
    if (opened === undefined) return this.#group.submit(commit);
    const submitted = opened.then(() => this.#group.submit(commit));
    this.#early.add(submitted);
    const forget = (): void => {
      this.#early.delete(submitted);
    };
    submitted.then(forget, forget);
    return submitted;
  }

  /** Resolves when everything submitted so far is settled. */
  async drain(): Promise<void> {
    await Promise.allSettled(this.#early);
    await this.#group.drain();
  }

  async #flush(commits: readonly QueuedCommit[]): Promise<readonly GroupResult<Revision>[]> {
    const { outcomes, state } = await this.#driver.commit(commits);
    const results = outcomes.map((outcome, i): GroupResult<Revision> => {
      if (outcome.error !== undefined) return { error: outcome.error };
      this.#remember(commits[i] as QueuedCommit);
      return { result: outcome.revision };
    });
    this.#onCommitted(state);
    return results;
  }

  #remember({ prepared, changes }: QueuedCommit): void {
    prepared.forEach((change, i) => {
      if (change.op === 'clear') {
        this.#cache.clear();
        return;
      }
      this.#cache.invalidate(change.kind, change.key);
      if (change.op === 'put' && change.frozen) {
        this.#cache.install(change.kind, change.key, change.value, textLength(changes[i] as EncodedChange));
      }
    });
  }
}

function isAboutContent(error: unknown): boolean {
  return error instanceof StorageError && (error.code === 'STORAGE_FULL' || error.code === 'STORAGE_FAILED');
}

function sizeOf(changes: readonly EncodedChange[]): number {
  return changes.reduce((size, change) => size + CHANGE_WEIGHT + textLength(change), CHANGE_WEIGHT);
}

function textLength(change: EncodedChange): number {
  return change.op === 'put' ? change.text.length : 0;
}
