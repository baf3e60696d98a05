import { type Revision, StorageError } from '@gati-framework/manifest-store';
import type { PreparedChange, PreparedExpectation } from '@gati-framework/manifest-store/backend';
import { encodeChange } from './encode-change.js';
import { GroupCommit, type GroupResult } from './group-commit.js';
import { keyName, type ReadCache } from './read-cache.js';
import type {
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
      isAboutContent,
    );
  }

  submit(prepared: readonly PreparedChange[], expect: readonly PreparedExpectation[]): Promise<Revision> {
    const changes = prepared.map(encodeChange);
    return this.#group.submit({ prepared, changes, expect, size: sizeOf(changes) });
  }

  /** Resolves when everything submitted so far is settled. */
  drain(): Promise<void> {
    return this.#group.drain();
  }

  async #flush(commits: readonly QueuedCommit[]): Promise<readonly GroupResult<Revision>[]> {
    await this.#whenOpened();
    const begun = this.#cache.beginRead();
    try {
      const { outcomes, state } = await this.#driver.commit(commits);
      const results = outcomes.map((outcome, i): GroupResult<Revision> => {
        const error = errorOf(outcome);
        if (error !== undefined) return { error };
        this.#remember(begun, commits[i] as QueuedCommit);
        return { result: outcome.revision as Revision, error };
      });
      this.#onCommitted(state);
      return results;
    } finally {
      this.#cache.endRead(begun);
    }
  }

  #remember(begun: number, { prepared }: QueuedCommit): void {
    prepared.forEach((change) => {
      if (change.op === 'clear') {
        this.#cache.clear();
        return;
      }
      // Somebody else may have written it after this commit and before this moment.
      const isNewest = this.#cache.isUnchanged(begun, keyName(change.kind, change.key));
      this.#cache.invalidate(change.kind, change.key);
      if (isNewest && change.op === 'put' && change.frozen) {
        this.#cache.install(change.kind, change.key, change.value, change.weight);
      }
    });
  }
}

/** Its own: an `error` on Object.prototype is nothing that happened to a commit. */
function errorOf(outcome: CommitOutcome): StorageError | undefined {
  return Object.hasOwn(outcome, 'error') ? outcome.error : undefined;
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
