import type { Revision, StorageError, StorageEvent, WatchOptions } from '@gati-framework/manifest-store';
import { ChangeFeed, closed } from '@gati-framework/manifest-store/backend';
import type { ObservedDriver } from '../figures/observed-driver.js';
import type { LoggedCommit, MaybePromise } from '../record-driver.js';
import { SharedHistory } from './shared-history.js';
import { WatchPoll } from './watch-poll.js';
import { WatchStarts } from './watch-starts.js';

/** The watchers of a storage: what they read, and when they are told to look. */
export class WatchFeed {
  readonly #driver: ObservedDriver;
  readonly #isOpen: () => boolean;
  readonly #history: SharedHistory;
  readonly #feed: ChangeFeed<LoggedCommit>;
  readonly #starts = new WatchStarts();

  /** @param watchInterval How often the driver is asked for foreign commits while somebody waits, in milliseconds; absent: never. */
  constructor(driver: ObservedDriver, isOpen: () => boolean, watchInterval: number | undefined) {
    this.#driver = driver;
    this.#isOpen = isOpen;
    this.#history = new SharedHistory((after, limit) => driver.history(after, limit));
    const poll = new WatchPoll(() => this.#lookForCommits(), watchInterval);
    this.#feed = new ChangeFeed(
      (after) => this.#read(after),
      (watched) => poll.lookWhile(watched),
      (commit, onUnreadable) => this.#history.eventOf(commit, onUnreadable),
    );
  }

  /** @param start Yields the revision after which a watch begins that was given `after`. */
  watch(
    start: (after: Revision | undefined) => Promise<Revision>,
    options: WatchOptions,
  ): AsyncIterableIterator<StorageEvent> & AsyncDisposable {
    return this.#feed.watch((after) => this.#starts.track(start(after)), options);
  }

  /** What to wait for until the watches that begin now know where, if anything. */
  starting(): MaybePromise<void> {
    return this.#starts.unsettled();
  }

  /** There may be more to read. */
  wake(): void {
    this.#history.forget();
    this.#feed.wake();
  }

  /** The history is no longer the one that was watched. */
  fail(error: StorageError): void {
    this.#history.clear();
    this.#feed.fail(error);
  }

  end(): void {
    this.#history.clear();
    this.#feed.end();
  }

  #read(after: Revision): MaybePromise<readonly LoggedCommit[]> {
    if (!this.#isOpen()) throw closed();
    return this.#history.read(after);
  }

  #lookForCommits(): void {
    if (!this.#isOpen()) return;
    try {
      this.#driver.catchUp();
    } catch {
      this.wake(); // the watchers' own reads meet the same error and report it
    }
  }
}
