import type { StorageMessage } from '@gati-framework/manifest-store';
import {
  type CommitAnswer,
  type CommitOutcome,
  type CommitTerms,
  type DriverListener,
  type EncodedChange,
  inTime,
} from '@gati-framework/storage-kit';
import { asStorageError, guard } from '../as-storage-error.js';
import { retryWhileLocked } from '../connections/retry.js';
import { preparingOnDemand } from '../sql/statement-on-demand.js';
import { prepareStatements, type Statements } from '../sql/statements.js';
import { readHead, type StoreHead, toStoreState } from '../sql/store-head.js';
import { Transactions } from '../sql/transaction.js';
import { nameOf, type SharedFile, type SqliteHost } from '../sqlite-host.js';
import { findConflict } from './apply-commits.js';
import { readBounds } from './history-bounds.js';
import { finishInSlices } from './steps.js';
import { StreamedCommit } from './streamed-commit.js';
import { trimTold } from './told-trim.js';
import { withDoubt } from './with-doubt.js';

type Batches = AsyncIterable<readonly EncodedChange[]>;

/**
 * Makes commits of changes that come in batches: each in a transaction of a connection of its own, which takes as long as
 * they do. So whoever reads goes on with the store as it was, and may be the very one that yields the changes.
 */
export class StreamCommitter {
  readonly #host: SqliteHost;
  readonly #file: SharedFile;
  readonly #lockTimeout: number;
  readonly #idleTimeout: number;

  /**
   * @param lockTimeout How long it waits for other writers, in milliseconds.
   * @param idleTimeout How long it waits for the next batch.
   */
  constructor(host: SqliteHost, file: SharedFile, lockTimeout: number, idleTimeout: number) {
    this.#host = host;
    this.#file = file;
    this.#lockTimeout = lockTimeout;
    this.#idleTimeout = idleTimeout;
  }

  /**
   * All of it, or an error and none of it.
   *
   * @param onCommitted Called in the step in which it is committed.
   */
  async commit(
    batches: Batches,
    terms: CommitTerms,
    listener: DriverListener,
    onCommitted: (answer: CommitAnswer) => void,
  ): Promise<CommitAnswer> {
    const { database, close } = guard(this.#host, () => this.#file.openWriter());
    const transactions = new Transactions(database);
    try {
      await this.#begin(transactions);
      const commit = new OpenCommit(
        prepareStatements(preparingOnDemand(database)),
        terms,
        nameOf(this.#host),
      );
      const outcome = await commit.take(inTime(batches, this.#idleTimeout));
      if (commit.isMade) await this.#file.endLongWrite(database);
      return this.#finish(transactions, commit, outcome, listener, onCommitted);
    } catch (error) {
      transactions.rollBack();
      throw withDoubt(asStorageError(this.#host, error));
    } finally {
      close();
    }
  }

  /** Nothing has been taken yet, so it can be tried again. */
  #begin(transactions: Transactions): Promise<void> {
    return retryWhileLocked(this.#lockTimeout, () =>
      guard(this.#host, () => {
        transactions.beginWriting();
        this.#file.verify(); // it is opened by name
      }),
    );
  }

  #finish(
    transactions: Transactions,
    { isMade, head }: OpenCommit,
    outcome: CommitOutcome,
    listener: DriverListener,
    onCommitted: (answer: CommitAnswer) => void,
  ): CommitAnswer {
    if (isMade) transactions.commit();
    else transactions.rollBack();
    const state = toStoreState(head);
    try {
      this.#file.verify();
    } catch (error) {
      listener.changed(state, 'all'); // it was written all the same, should the file come back
      throw error;
    }
    const answer = { outcomes: [outcome], state };
    onCommitted(answer);
    return answer;
  }
}

/** A commit, inside its transaction. */
class OpenCommit {
  readonly head: StoreHead;
  /** Whether it has changed something. */
  isMade = false;
  readonly #statements: Statements;
  readonly #terms: CommitTerms;
  readonly #store: Pick<StorageMessage, 'backend' | 'store'>;

  /** @param store As messages name it. */
  constructor(statements: Statements, terms: CommitTerms, store: Pick<StorageMessage, 'backend' | 'store'>) {
    this.#statements = statements;
    this.#terms = terms;
    this.#store = store;
    this.head = readHead(statements.changes.selectHead.get());
  }

  /** Nothing is asked of `batches` where the terms do not hold. */
  async take(batches: Batches): Promise<CommitOutcome> {
    const { head } = this;
    const statements = this.#statements;
    const error = findConflict(statements, head, this.#terms);
    if (error !== undefined) return { error };
    const commit = new StreamedCommit(statements, head, this.#terms.note);
    for await (const batch of batches) await finishInSlices(commit.add(batch));
    commit.finish();
    const { added } = commit;
    this.isMade = added.changes > 0;
    if (this.isMade) {
      await finishInSlices(
        trimTold(this.#store, statements, readBounds(statements), head.nextChange, added, true),
      );
    }
    return { revision: head.revision };
  }
}
