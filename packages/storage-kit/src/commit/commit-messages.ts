import type { Revision, StorageCommitMessage, StorageWaits } from '@gati-framework/manifest-store';
import { channels, commonKind, type PreparedChange, timers } from '@gati-framework/manifest-store/backend';
import type { ObservedDriver } from '../figures/observed-driver.js';
import type { EncodedChange } from '../record-driver.js';

/** A commit in a group, with what is told of it if somebody listened when it began. */
export interface Told {
  readonly message?: StorageCommitMessage | undefined;
  /** Absent of one whose changes are taken as they come. */
  readonly changes?: readonly EncodedChange[];
}

/** Tells of commits and of the groups in which they are made. */
export class CommitMessages {
  readonly #driver: Pick<ObservedDriver, 'name' | 'location'>;
  readonly #begun = new WeakMap<StorageCommitMessage, number>();

  /** @param driver Whose they are. */
  constructor(driver: Pick<ObservedDriver, 'name' | 'location'>) {
    this.#driver = driver;
  }

  /** @param prepared Absent where changes are taken as they come. */
  trace(
    prepared: readonly PreparedChange[] | undefined,
    commit: (message: StorageCommitMessage) => Promise<Revision>,
  ): Promise<Revision> {
    const { name: backend, location: store } = this.#driver;
    const kind = prepared && commonKind(prepared);
    const message: StorageCommitMessage = { backend, store, kind, batchSize: prepared?.length, waited: {} };
    const begun = timers.now();
    this.#begun.set(message, begun);
    return channels.commit.trace(
      message,
      async () => {
        message.revision = await commit(message);
        return message.revision;
      },
      begun,
    );
  }

  /** @param make Is given where to note what it waited for. */
  async traceGroup<T>(items: readonly Told[], make: (waited: StorageWaits) => Promise<T>): Promise<T> {
    const now = timers.now();
    const commits = items.flatMap(({ message }) => message ?? []);
    for (const message of commits) message.waited.group = now - (this.#begun.get(message) ?? now);
    const { name: backend, location: store } = this.#driver;
    const waited: StorageWaits = {};
    const changes = items.reduce<number | undefined>(
      (sum, item) =>
        sum === undefined || item.changes === undefined ? undefined : sum + item.changes.length,
      0,
    );
    const message = { backend, store, commits, batchSize: items.length, changes, waited };
    try {
      return await channels.group.trace(message, () => make(waited));
    } finally {
      // Whoever waited for the group has waited for what it waited for.
      for (const commit of commits) Object.assign(commit.waited, waited);
    }
  }
}
