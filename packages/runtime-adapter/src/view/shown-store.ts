import type { Revision, StorageError, StorageEvent, StorageLogger } from '@gati-framework/manifest-store';
import type { Follower } from '../follow/store-follower.js';
import { RevisionWaiters } from './revision-waiters.js';
import type { Tables } from './tables.js';
import { StateKeeper } from './view-state.js';

/** A commit as the listeners of a view hear of it, after all of it is shown. */
export interface ViewChange {
  readonly revision: Revision;
  /** Ids of the handlers that are not as they were; `'all'` when the store was read anew. */
  readonly handlers: ReadonlySet<string> | 'all';
  /** What was committed; absent when the store was read anew. */
  readonly event?: StorageEvent;
}

/** What a view has heard of its store, and who is told of it. */
export class ShownStore implements Follower {
  readonly state: StateKeeper;
  readonly waiters: RevisionWaiters = new RevisionWaiters();
  readonly listeners: Set<(change: ViewChange) => void> = new Set();
  /** Absent before the first opening and after the closing. */
  tables: Tables | undefined;
  readonly #logger: StorageLogger | undefined;

  constructor(logger: StorageLogger | undefined) {
    this.#logger = logger;
    this.state = new StateKeeper(logger);
  }

  show(tables: Tables, revision: Revision, handlers: ViewChange['handlers'], event?: StorageEvent): void {
    this.tables = tables;
    this.state.shown(revision);
    this.#tell({ revision, handlers, ...(event === undefined ? {} : { event }) });
    this.waiters.reached(revision);
  }

  caughtUp(): void {
    this.state.caughtUp();
  }

  fellBehind(): void {
    this.state.fellBehind();
  }

  rebuilding(): void {
    this.state.rebuilding();
  }

  failed(error: StorageError): void {
    this.state.failed(error);
    if (error.code === 'STORAGE_CLOSED' || error.code === 'STORAGE_REPLACED') this.waiters.end(error);
  }

  unreadable(error: StorageError): void {
    this.state.unreadable(error);
  }

  /** @param reason What is told to those who wait for a commit. */
  close(reason: StorageError): void {
    this.waiters.end(reason);
    this.tables = undefined;
    this.listeners.clear();
    this.state.closed();
  }

  /** A listener that throws is its owner's affair, and holds up nobody. */
  #tell(change: ViewChange): void {
    for (const listener of this.listeners) {
      try {
        listener(change);
      } catch (error) {
        this.#logger?.error({ error }, 'A listener of a manifest view threw an error');
      }
    }
  }
}
