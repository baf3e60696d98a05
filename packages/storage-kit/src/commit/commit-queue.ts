import {
  type Revision,
  type StorageCommitMessage,
  StorageError,
  type StorageWaits,
} from '@gati-framework/manifest-store';
import { channels, type PreparedChange } from '@gati-framework/manifest-store/backend';
import type { ReadCache } from '../cache/read-cache.js';
import type { ObservedDriver } from '../figures/observed-driver.js';
import type {
  CommitAnswer,
  CommitOutcome,
  CommitTerms,
  EncodedChange,
  EncodedCommit,
  MaybePromise,
  StoreState,
} from '../record-driver.js';
import { CommitMessages } from './commit-messages.js';
import { CommitStream } from './commit-stream.js';
import { EncodeQueue } from './encode-queue.js';
import { GroupCommit, type GroupResult } from './group-commit.js';

interface QueuedCommit extends EncodedCommit {
  /** What is told of it, if anybody listened when it began. */
  readonly message: StorageCommitMessage | undefined;
  readonly prepared: readonly PreparedChange[];
  readonly size: number;
}

const { commit: commitChannel, group: groupChannel } = channels;

/** A group of this many characters of records is worth a transaction of its own. */
const MAX_GROUP_SIZE = 8 * 1024 * 1024;
/** What a commit and each of its changes weigh beside their text. */
const CHANGE_WEIGHT = 512;

/** Encodes commits, groups those that arrive together, and tells the cache what became of them. */
export class CommitQueue {
  readonly #driver: ObservedDriver;
  readonly #messages: CommitMessages;
  readonly #cache: ReadCache;
  readonly #whenOpened: () => MaybePromise<void>;
  readonly #onCommitted: (state: StoreState) => void;
  readonly #encoding = new EncodeQueue();
  readonly #group: GroupCommit<QueuedCommit | CommitStream, Revision>;

  /** @param whenOpened Waited for before each group, so that commits may be submitted before, and keep their order. */
  constructor(
    driver: ObservedDriver,
    cache: ReadCache,
    whenOpened: () => MaybePromise<void>,
    onCommitted: (state: StoreState) => void,
  ) {
    this.#driver = driver;
    this.#messages = new CommitMessages(driver);
    this.#cache = cache;
    this.#whenOpened = whenOpened;
    this.#onCommitted = onCommitted;
    this.#group = new GroupCommit(
      (items) => this.#flush(items),
      ({ size }) => size,
      MAX_GROUP_SIZE,
      blamesOneItem,
    );
  }

  submit(prepared: readonly PreparedChange[], terms: CommitTerms): Promise<Revision> {
    if (!commitChannel.hasSubscribers) return this.#submit(prepared, terms);
    return this.#messages.trace(prepared, (message) => this.#submit(prepared, terms, message));
  }

  /** After what was submitted before, and with nothing else; whatever comes later waits for it. */
  submitStream(stream: CommitStream): Promise<Revision> {
    if (!commitChannel.hasSubscribers) return this.#submitStream(stream);
    return this.#messages.trace(undefined, (message) => {
      stream.message = message;
      return this.#submitStream(stream);
    });
  }

  /** Resolves when everything submitted so far is settled. */
  async drain(): Promise<void> {
    await this.#encoding.drain();
    await this.#group.drain();
  }

  #submit(
    prepared: readonly PreparedChange[],
    terms: CommitTerms,
    message?: StorageCommitMessage,
  ): Promise<Revision> {
    return new Promise((resolve, reject) => {
      const join = (changes: readonly EncodedChange[]): void => {
        const size = sizeOf(changes);
        if (message !== undefined) message.bytes = size - CHANGE_WEIGHT * (changes.length + 1);
        this.#group.add({ ...terms, prepared, changes, size, message }, resolve, reject);
      };
      this.#encoding.add(prepared, join, reject);
    });
  }

  #submitStream(stream: CommitStream): Promise<Revision> {
    return new Promise((resolve, reject) => {
      this.#encoding.add([], () => this.#group.add(stream, resolve, reject), reject);
    });
  }

  async #flush(items: readonly (QueuedCommit | CommitStream)[]): Promise<readonly GroupResult<Revision>[]> {
    const opening = this.#whenOpened();
    if (opening !== undefined) await opening;
    if (!groupChannel.hasSubscribers && !commitChannel.hasSubscribers) return this.#make(items);
    return this.#messages.traceGroup(items, (waited) => this.#make(items, waited));
  }

  async #make(
    items: readonly (QueuedCommit | CommitStream)[],
    waited?: StorageWaits,
  ): Promise<readonly GroupResult<Revision>[]> {
    const [first] = items;
    if (first instanceof CommitStream) {
      return this.#commit('all', (onCommitted) => first.run(onCommitted));
    }
    const commits = items.filter((item): item is QueuedCommit => !(item instanceof CommitStream));
    return this.#commit(commits, (onCommitted) => this.#driver.commit(commits, onCommitted, waited));
  }

  #commit(
    commits: readonly QueuedCommit[] | 'all',
    run: (onCommitted: (answer: CommitAnswer) => void) => CommitAnswer | Promise<CommitAnswer>,
  ): Promise<readonly GroupResult<Revision>[]> {
    return this.#cache.whileCommitting(async (committed) => {
      let isTold = false;
      const tell = ({ outcomes, state }: CommitAnswer): void => {
        if (isTold) return;
        isTold = true;
        committed(
          commits === 'all'
            ? 'all'
            : commits.filter((_, i) => isMade(outcomes[i])).map(({ prepared }) => prepared),
        );
        this.#onCommitted(state);
      };
      const answering = run(tell);
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
