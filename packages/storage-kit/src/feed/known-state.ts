import type { RecordKind, StorageFeedMessage } from '@gati-framework/manifest-store';
import { byKind, channels, type KeyTuple, replaced } from '@gati-framework/manifest-store/backend';
import type { ReadCache } from '../cache/read-cache.js';
import type { LastFailure } from '../figures/last-failure.js';
import type { AskedState, DriverListener, MaybePromise, StoreState } from '../record-driver.js';
import type { WatchFeed } from './watch-feed.js';

type ChangedKeys = readonly { kind: RecordKind; key: KeyTuple }[] | 'all';

/** What this process has heard of a store, and what follows when it hears more. */
export class KnownState {
  /** For the driver. */
  readonly listener: DriverListener = {
    changed: (state, keys) => this.#hearOf(state, keys),
    replaced: (state) => this.#hearOfAnother(state),
    failed: (error) => this.#failure.note(error),
  };
  readonly #source: { readonly name: string; readonly location: string | undefined };
  readonly #cache: ReadCache;
  readonly #feed: WatchFeed;
  readonly #failure: LastFailure;
  #state: StoreState = { revision: 0, counts: byKind(() => 0) };
  /** Counts restored backups and the like: what was asked before tells nothing of what is there now. */
  #replacements = 0;

  /** @param source As messages name it. */
  constructor(
    source: { readonly name: string; readonly location: string | undefined },
    cache: ReadCache,
    feed: WatchFeed,
    failure: LastFailure,
  ) {
    this.#source = source;
    this.#cache = cache;
    this.#feed = feed;
    this.#failure = failure;
  }

  get counts(): StoreState['counts'] {
    return this.#state.counts;
  }

  opened(state: StoreState): void {
    this.#state = state;
  }

  /** A driver may have reported a later commit of others already. */
  committed(state: StoreState): void {
    if (state.revision >= this.#state.revision) this.#advance(state);
  }

  /** Asks the store itself. */
  async ask(read: () => MaybePromise<AskedState>): Promise<AskedState> {
    const replacements = this.#replacements;
    const state = await read();
    const isNews = state.revision > this.#state.revision;
    if (isNews && replacements === this.#replacements) this.#advance(state);
    return state;
  }

  #hearOf(state: StoreState, keys: ChangedKeys): void {
    const change = (): void => this.#changed(state, keys);
    const changes = keys === 'all' ? keys : keys.length;
    this.#told({ revision: state.revision, changes }, change);
  }

  #hearOfAnother(state: StoreState): void {
    const news = { revision: state.revision, changes: 'all', isReplaced: true } as const;
    this.#told(news, () => this.#replaced(state));
  }

  #changed(state: StoreState, keys: ChangedKeys): void {
    if (keys === 'all') this.#cache.clear();
    else for (const { kind, key } of keys) this.#cache.invalidate(kind, key);
    // The store itself may have been asked meanwhile, and have told more.
    this.#advance(this.#state.revision > state.revision ? this.#state : state);
  }

  #replaced(state: StoreState): void {
    this.#replacements += 1;
    this.#cache.clear();
    this.#feed.fail(replaced(state.revision));
    this.#advance(state);
  }

  #advance(state: StoreState): void {
    this.#state = state;
    this.#feed.wake();
  }

  /** Takes note of news, which whoever listens is told of. */
  #told(news: Pick<StorageFeedMessage, 'revision' | 'changes' | 'isReplaced'>, takeNote: () => void): void {
    if (channels.feed.hasSubscribers) {
      const { name: backend, location: store } = this.#source;
      channels.feed.trace({ backend, store, operation: 'hear', ...news }, takeNote);
    } else takeNote();
  }
}
