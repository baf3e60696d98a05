import type { StorageEvent, WatchOptions } from '@gati-framework/manifest-store';
import type { Fleet, Request } from './fleet.js';
import { pack } from './transport.mjs';

type Result = IteratorResult<StorageEvent, undefined>;

const DONE: Result = { done: true, value: undefined };

/** A watch that runs in one process of the fleet. */
export class RemoteWatch implements AsyncIterableIterator<StorageEvent> {
  readonly #fleet: Fleet;
  readonly #member: number;
  readonly #request: Omit<Request, 'type'>;
  readonly #signal: WatchOptions['signal'];
  readonly #onEvent: () => Promise<void>;
  #ended = false;
  readonly #abort = (): void => this.end();

  /** @param onEvent Awaited before an event is handed on. */
  constructor(
    fleet: Fleet,
    request: Omit<Request, 'type'>,
    { signal, ...options }: WatchOptions,
    onEvent: () => Promise<void>,
  ) {
    this.#fleet = fleet;
    this.#member = fleet.takeTurn();
    this.#request = request;
    this.#signal = signal;
    this.#onEvent = onEvent;
    // Failures are told by next().
    fleet.askFirst(this.#member, { type: 'watch', ...request, args: [pack(options)] }).catch(() => {});
    signal?.addEventListener('abort', this.#abort, { once: true });
    if (signal?.aborted) this.end();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<Result> {
    if (this.#ended) return DONE;
    try {
      const result = (await this.#fleet.ask(this.#member, { type: 'next', ...this.#request })) as Result;
      if (result.done) this.end();
      else await this.#onEvent();
      return this.#ended ? DONE : result;
    } catch (error) {
      if (this.#ended) return DONE;
      this.end();
      throw error;
    }
  }

  async return(): Promise<Result> {
    this.end();
    return DONE;
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#signal?.removeEventListener('abort', this.#abort);
    this.#fleet.ask(this.#member, { type: 'return', ...this.#request }).catch(() => {});
  }
}
