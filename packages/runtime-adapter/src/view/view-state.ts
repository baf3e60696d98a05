import type { Revision, StorageError, StorageLogger } from '@gati-framework/manifest-store';

/**
 * - `closed`: it was not opened yet, or was closed.
 * - `ready`: it shows everything that the store has told.
 * - `behind`: it answers with what it last heard, and is catching up or trying to.
 * - `failed`: it answers with what it last heard, and nothing new comes before somebody mends what `message` names.
 */
export type ViewStatus = 'closed' | 'ready' | 'behind' | 'failed';

/** How a view is, for health checks and people. */
export interface ViewState {
  readonly status: ViewStatus;
  /** The commit up to which it shows the store, all of it; absent before the first opening. */
  readonly revision?: Revision;
  /** What is the matter and what to do, in a sentence or two. */
  readonly message: string;
  /** Why it is behind or failed, if that is an error. */
  readonly error?: StorageError;
  /** Records that could not be read since the store was last read whole. The view has their older value or none. */
  readonly unreadable: number;
}

const MESSAGES = {
  closed: 'The view is not open. Call open() once, before the first request.',
  ready: 'The view shows everything that the store has told.',
  catchingUp: 'The view is going through commits that it does not show yet. Nothing needs to be done.',
  rebuilding:
    'The commits that follow are no longer kept, or the store was replaced: the view reads the store anew. ' +
    'Nothing needs to be done.',
  unreachable: 'The store does not answer. The view answers with what it last heard, and tries again.',
  failed: 'The view answers with what it last heard until this is mended.',
} as const;

/** What is known of how a view is. A change of its status is told to the logger, once. */
export class StateKeeper {
  readonly #logger: StorageLogger | undefined;
  #state: ViewState = Object.freeze({ status: 'closed', message: MESSAGES.closed, unreadable: 0 });

  constructor(logger: StorageLogger | undefined) {
    this.#logger = logger;
  }

  get state(): ViewState {
    return this.#state;
  }

  shown(revision: Revision): void {
    this.#state = Object.freeze({ ...this.#state, revision });
  }

  caughtUp(): void {
    if (this.#state.status === 'ready') return;
    this.#become('ready', MESSAGES.ready);
  }

  fellBehind(): void {
    if (this.#state.status === 'ready') this.#become('behind', MESSAGES.catchingUp);
  }

  rebuilding(): void {
    this.#state = Object.freeze({ ...this.#state, unreadable: 0 });
    this.#become('behind', MESSAGES.rebuilding);
  }

  failed(error: StorageError): void {
    const told = error.retryable ? MESSAGES.unreachable : MESSAGES.failed;
    this.#become(error.retryable ? 'behind' : 'failed', `${told} ${error.message}`, error);
  }

  unreadable({ message, details }: StorageError): void {
    this.#state = Object.freeze({ ...this.#state, unreadable: this.#state.unreadable + 1 });
    this.#logger?.warn({ details }, `A manifest view left out a record: ${message}`);
  }

  closed(): void {
    this.#become('closed', MESSAGES.closed);
  }

  #become(status: ViewStatus, message: string, error?: StorageError): void {
    const { status: before, revision, unreadable } = this.#state;
    this.#state = Object.freeze({
      status,
      message,
      unreadable,
      ...(revision === undefined ? {} : { revision }),
      ...(error === undefined ? {} : { error }),
    });
    if (status === before || this.#logger === undefined) return;
    const level = status === 'failed' ? 'error' : status === 'behind' && error ? 'warn' : 'info';
    this.#logger[level]({ status, revision, code: error?.code }, message);
  }
}
