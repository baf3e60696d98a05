import { StorageError } from '@gati-framework/manifest-store';
import type { CommitAnswer, EncodedCommit, MaybePromise } from '@gati-framework/storage-kit';
import { asStorageError } from '../as-storage-error.js';
import type { Connection } from '../connections/connection.js';
import type { Connections } from '../connections/connections.js';
import { catchUp, othersCommitted, tellOf } from '../feed/follow-others.js';
import { toStoreState } from '../sql/store-head.js';
import {
  type CommitKeeper,
  keeperOf,
  nameOf,
  placeOf,
  type SqliteHost,
  type StorePlace,
} from '../sqlite-host.js';
import { type AppliedGroup, applyGroup } from './apply-group.js';
import { finish, finishInSlices, type Steps } from './steps.js';
import { withDoubt } from './with-doubt.js';

interface Applied extends AppliedGroup {
  /** Whether a log holds them, so that they are committed whatever becomes of the transaction. */
  readonly isLogged: boolean;
}

/** Of the driver. */
type OnCommitted = (answer: CommitAnswer) => void;

/** Makes commits, and finds out what became of them when something fails half-way. */
export class Committer {
  readonly #host: SqliteHost;
  readonly #place: StorePlace;
  readonly #keeper: CommitKeeper;
  readonly #connections: Connections;
  readonly #mayTrim: () => boolean;

  /** @param mayTrim Whether nobody needs what is to be forgotten. */
  constructor(host: SqliteHost, connections: Connections, mayTrim: () => boolean) {
    this.#host = host;
    this.#place = placeOf(host);
    this.#keeper = keeperOf(host);
    this.#connections = connections;
    this.#mayTrim = mayTrim;
  }

  /**
   * All of the group in one transaction, or an error and none of it.
   *
   * @param onCommitted Called while nobody else may use the connection yet: no read comes between the commits and the news of them.
   */
  async commit(commits: readonly EncodedCommit[], onCommitted: OnCommitted): Promise<CommitAnswer> {
    for (let wait = this.#connections.unready(); wait !== undefined; wait = this.#connections.unready()) {
      await wait;
    }
    const letGo = this.#connections.hold();
    try {
      const answer = await this.#commitOrFail(commits);
      onCommitted(answer);
      return answer;
    } catch (error) {
      throw withDoubt(asStorageError(this.#host, error));
    } finally {
      letGo();
    }
  }

  async #commitOrFail(commits: readonly EncodedCommit[]): Promise<CommitAnswer> {
    const { current: connection, listener } = this.#connections;
    connection.transactions.beginWriting();
    let applied: Applied;
    try {
      if (othersCommitted(connection)) catchUp(connection, listener, this.#host.location);
      connection.isBeingChanged = true;
      // Where nothing takes time, nothing is waited for, and none of the caller's code runs inside the transaction.
      const applying = this.#run(
        connection,
        applyGroup(connection, commits, this.#mayTrim(), nameOf(this.#host)),
      );
      const group = applying instanceof Promise ? await applying : applying;
      const keeping = group.entries.length > 0 && this.#keeper.keep(group.entries);
      applied = { ...group, isLogged: keeping instanceof Promise ? await keeping : keeping };
    } catch (error) {
      return await this.#giveUp(connection, error);
    } finally {
      connection.isBeingChanged = false;
    }
    const finishing = this.#finish(connection, applied);
    if (finishing !== undefined) await finishing;
    const { outcomes, head } = applied;
    const state = toStoreState(head);
    try {
      // Before the promise resolves: a write to a file that is gone must not be acknowledged. A log has looked itself.
      if (!applied.isLogged) this.#place.verify();
    } catch (error) {
      listener.changed(state, 'all'); // it was written all the same, should the file come back
      throw error;
    }
    return { outcomes, state };
  }

  /** Long work is spread over turns of the event loop; whoever would see it half done waits for its end. */
  #run<T>({ database }: Connection, steps: Steps<T>): MaybePromise<T> {
    if (this.#host.isLent) return finish(steps);
    let isLong = false;
    const running = finishInSlices(steps, () => {
      isLong = true;
      this.#host.sharedFile?.beginLongWrite(database);
    });
    if (!(running instanceof Promise)) return running;
    return running.finally(() => (isLong ? this.#host.sharedFile?.endLongWrite(database) : undefined));
  }

  /** @returns What is to be waited for, if anything. */
  #finish(connection: Connection, applied: Applied): MaybePromise<void> {
    try {
      connection.transactions.commit();
    } catch (error) {
      return applied.isLogged ? this.#settle(applied, error) : this.#doubt(connection, applied, error);
    }
    connection.head = applied.head;
    connection.bounds = applied.bounds;
    if (applied.entries.length === 0) return undefined;
    try {
      return this.#keeper.committed(applied.head)?.catch((error) => this.#settle(applied, error));
    } catch (error) {
      return this.#settle(applied, error);
    }
  }

  async #giveUp(connection: Connection, error: unknown): Promise<never> {
    await this.#rollBack(connection);
    throw error;
  }

  /**
   * A COMMIT that failed was not made, as a rule. One that is there all the same moves what is known along, or every
   * later commit would take its place; and it is not tried again, as it would be there twice.
   */
  async #doubt(connection: Connection, { head }: Applied, error: unknown): Promise<never> {
    await this.#rollBack(connection);
    const { current, listener } = this.#connections;
    if (current !== connection || !this.#connections.holds(head)) throw error;
    connection.transactions.read(() => tellOf(connection, connection.head, listener, this.#host.location));
    throw inDoubt(
      `${this.#host.location} reported an error for a commit that it shows all the same, and nobody knows whether it is safe`,
      asStorageError(this.#host, error),
    );
  }

  async #rollBack(connection: Connection): Promise<void> {
    if (!connection.transactions.rollBack()) await this.#connections.drop();
  }

  /**
   * Something failed after the group may have become safe, and what is in
   * memory is not what is kept. So the store is opened anew, and what it holds
   * decides: returns if the group is committed, throws if it is not.
   */
  async #settle({ head, isLogged }: Applied, error: unknown): Promise<void> {
    await this.#connections.drop();
    try {
      await this.#connections.reopen();
    } catch (cause) {
      // What the log holds is committed, and the next call opens it.
      if (isLogged) return;
      const { location } = this.#host;
      throw inDoubt(
        `${location} failed while a write was being kept, and cannot be opened to see whether it was`,
        asStorageError(this.#host, error),
        cause,
      );
    }
    if (!this.#connections.holds(head)) throw error;
  }
}

function inDoubt(what: string, error: StorageError, cause: unknown = error): StorageError {
  return new StorageError(
    'STORAGE_IN_DOUBT',
    `${what}: ${error.message} Read what you wrote before you write it again.`,
    { cause, details: { failure: error.code } },
  );
}
