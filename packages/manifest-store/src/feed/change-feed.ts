import type { Revision, StorageEvent, WatchOptions } from '../contract/storage.js';
import type { StorageError } from '../contract/storage-error.js';
import { FeedEra } from './feed-era.js';
import { Watcher } from './watcher.js';

/** A commit as a history keeps it. */
export interface PastCommit {
  readonly revision: Revision;
}

/**
 * Reads the commits that follow `after`, oldest first and without a gap; as
 * many as it likes, none when there are none yet. Throws `STORAGE_COMPACTED`
 * when the next one is no longer kept.
 */
export type HistoryReader<P extends PastCommit = StorageEvent> = (
  after: Revision,
) => readonly P[] | Promise<readonly P[]>;

/** Makes the event of a commit, when it is delivered; a large one may take a while. May throw; that ends the iteration. */
export type EventMaker<P extends PastCommit> = (
  commit: P,
  onUnreadable: WatchOptions['onUnreadable'],
) => StorageEvent | Promise<StorageEvent>;

/**
 * Turns a readable history into live iterators. Each iterator pulls from the
 * history at its own pace, so a slow consumer holds no buffer here: it falls
 * behind until the history it needs is gone, and is told so.
 */
export class ChangeFeed<P extends PastCommit = StorageEvent> {
  readonly #read: HistoryReader<P>;
  readonly #toEvent: EventMaker<P>;
  readonly #onWatched: (watched: boolean) => void;
  #era: FeedEra;

  /**
   * @param onWatched Called when the first iterator begins to wait for a commit and when the last one stops waiting.
   * @param toEvent May be left out by a reader that yields events.
   */
  constructor(
    read: HistoryReader<P>,
    onWatched: (watched: boolean) => void = () => {},
    toEvent: EventMaker<P> = (event) => event as unknown as StorageEvent,
  ) {
    this.#read = read;
    this.#toEvent = toEvent;
    this.#onWatched = onWatched;
    this.#era = new FeedEra(onWatched);
  }

  /**
   * Starts an iteration after the revision that `start` yields, or after
   * `options.after`, which `start` is given; it is called at once.
   */
  watch(
    start: (after: Revision | undefined) => Revision | Promise<Revision>,
    options: WatchOptions,
  ): AsyncIterableIterator<StorageEvent> & AsyncDisposable {
    return new Watcher(this.#era, this.#read, this.#toEvent, start, options);
  }

  /** Tells every iterator that there may be more to read. */
  wake(): void {
    this.#era.wake();
  }

  /** Ends every iterator with an error: what it would go on with is not the history that it began in. */
  fail(error: StorageError): void {
    this.#endEra(error);
  }

  /** Ends every iterator without an error. */
  end(): void {
    this.#endEra();
  }

  #endEra(failure?: StorageError): void {
    const ended = this.#era;
    this.#era = new FeedEra(this.#onWatched);
    ended.finish(failure);
  }
}
