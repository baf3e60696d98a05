import type { Revision, StorageEvent } from '@gati-framework/manifest-store';
import { type Timer, timers } from '@gati-framework/manifest-store/backend';
import {
  type LoggedChange,
  type LoggedCommit,
  type MaybePromise,
  PAGE_BYTES,
  type RecordDriver,
} from '../record-driver.js';
import type { OnUnreadable } from '../records/read-or-report.js';
import { toStorageEvent } from './storage-event.js';

type Page = readonly LoggedCommit[];

/** Most commits of a page. */
const PAGE_COMMITS = 256;
/** What a page, a commit and a change take beside their text, in the unit of PAGE_BYTES. */
const ENTRY_SIZE = 256;
/** Decoded, a text takes several times its size. */
const EVENT_BYTES = PAGE_BYTES / 8;
/** How long a page is kept for watchers that come later, in milliseconds. */
const KEPT_FOR = 1_000;

/**
 * The history as all watchers of a storage read it: those at the same place share
 * a page and the events made of it. Both are kept for a second at most, a page only until {@link forget},
 * and are bounded by their text, or are one.
 */
export class SharedHistory {
  readonly #history: RecordDriver['history'];
  readonly #pages = new Map<Revision, MaybePromise<Page>>();
  readonly #events = new Map<LoggedCommit, StorageEvent>();
  /** Events of large commits that are being made, for whoever is told of no record that cannot be read. */
  readonly #pending = new Map<LoggedCommit, Promise<StorageEvent>>();
  #pagesSize = 0;
  #eventsSize = 0;
  /** Counts calls of {@link forget}. */
  #forgotten = 0;
  #timer: Timer | undefined;

  constructor(history: RecordDriver['history']) {
    this.#history = history;
  }

  /** The commits after `after`, as {@link RecordDriver.history} yields them; a page that failed is asked for again. */
  read(after: Revision): MaybePromise<Page> {
    const kept = this.#pages.get(after);
    if (kept !== undefined) return kept;
    const forgotten = this.#forgotten;
    const page = this.#history(after, PAGE_COMMITS);
    // A driver may tell of others while it is asked, and the page be older than that.
    if (forgotten !== this.#forgotten) return page;
    if (page instanceof Promise) this.#share(after, page);
    else this.#keep(after, page);
    return page;
  }

  /**
   * The event of a commit that was read here. What cannot be frozen, and what cannot be read, each
   * watcher gets anew. Of a large commit it is made in slices, once for all who wait for it.
   */
  eventOf(commit: LoggedCommit, onUnreadable: OnUnreadable | undefined): MaybePromise<StorageEvent> {
    const known = this.#events.get(commit) ?? this.#pending.get(commit);
    if (known instanceof Promise) return known.catch(() => toStorageEvent(commit, onUnreadable));
    if (known !== undefined) return known;
    const event = toStorageEvent(commit, onUnreadable);
    if (!(event instanceof Promise)) return this.#remember(commit, event);
    if (onUnreadable === undefined && isSharable(commit)) this.#shareEvent(commit, event);
    return event.then((made) => this.#remember(commit, made));
  }

  /** There may be more to read, or something else. */
  forget(): void {
    this.#forgotten += 1;
    this.#pages.clear();
    this.#pagesSize = 0;
  }

  /** Lets go of everything. */
  clear(): void {
    this.forget();
    this.#forgetEvents();
  }

  #share(after: Revision, reading: Promise<Page>): void {
    this.#pages.set(after, reading);
    const isCurrent = (): boolean => this.#pages.get(after) === reading;
    reading.then(
      (page) => isCurrent() && this.#keep(after, page),
      () => isCurrent() && this.#pages.delete(after),
    );
  }

  #keep(after: Revision, page: Page): void {
    const size = page.reduce((sum, commit) => sum + sizeOf(commit), ENTRY_SIZE);
    if (this.#pagesSize + size > PAGE_BYTES) this.forget();
    this.#pagesSize += size;
    this.#pages.set(after, page);
    this.#expireSoon();
  }

  #expireSoon(): void {
    this.#timer ??= timers.setTimeout(() => {
      this.#timer = undefined;
      this.clear();
    }, KEPT_FOR);
    this.#timer.unref?.();
  }

  #shareEvent(commit: LoggedCommit, making: Promise<StorageEvent>): void {
    this.#pending.set(commit, making);
    const done = (): void => void this.#pending.delete(commit);
    making.then(done, done);
  }

  #remember(commit: LoggedCommit, event: StorageEvent): StorageEvent {
    const isWhole = event.changes.length === commit.changes.length;
    if (!isWhole || !isSharable(commit) || this.#events.has(commit)) return event;
    const size = sizeOf(commit);
    if (this.#eventsSize + size > EVENT_BYTES) this.#forgetEvents();
    this.#eventsSize += size;
    this.#events.set(commit, event);
    this.#expireSoon();
    return event;
  }

  #forgetEvents(): void {
    this.#events.clear();
    this.#eventsSize = 0;
  }
}

function sizeOf({ changes }: LoggedCommit): number {
  return changes.reduce((size, change) => size + ENTRY_SIZE + textLength(change), ENTRY_SIZE);
}

function textLength(change: LoggedChange): number {
  return change.op === 'put' && typeof change.text === 'string' ? change.text.length : 0;
}

/** Whether its event is frozen to the bottom. */
function isSharable({ changes }: LoggedCommit): boolean {
  return changes.every((change) => change.op !== 'put' || change.encoding === 'json');
}
