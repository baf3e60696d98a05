import { type Timer, timers } from '@gati-framework/manifest-store/backend';
import type { EtcdClient } from '../client/etcd-client.js';
import type { GrpcStream } from '../client/grpc-connection.js';
import { retryDelay } from '../client/retry-delay.js';
import type { KeyRange, KeyValue, WatchAnswer } from '../wire/messages.js';

export interface WatchListener {
  /** What was put. */
  heard(puts: readonly KeyValue[]): void;
  /** It watches: what was committed before is not told. */
  begun(): void;
  lost(error: unknown): void;
}

/**
 * Watches what commits to a store write, from now on: never from an earlier revision, which etcd may have compacted. When
 * the watch ends, it begins again, perhaps at another member. It keeps no process alive.
 */
export class StoreWatch {
  readonly #client: EtcdClient;
  readonly #range: KeyRange;
  readonly #listener: WatchListener;
  #stream: GrpcStream | undefined;
  #timer: Timer | undefined;
  #failures = 0;
  #isStopped = false;

  constructor(client: EtcdClient, range: KeyRange, listener: WatchListener) {
    this.#client = client;
    this.#range = range;
    this.#listener = listener;
  }

  start(): void {
    let isOver = false;
    const lose = (error: unknown): void => {
      if (isOver || this.#isStopped) return;
      isOver = true;
      this.#stream = undefined;
      this.#again(error);
    };
    this.#client
      .watch(
        this.#range,
        (answer) => {
          if (!isOver && !this.#isStopped) this.#take(answer, lose);
        },
        lose,
      )
      .then((stream) => {
        if (this.#isStopped || isOver) stream.end();
        else this.#stream = stream;
      }, lose);
  }

  stop(): void {
    this.#isStopped = true;
    timers.clearTimeout(this.#timer);
    this.#stream?.end();
  }

  #take({ created, canceled, puts }: WatchAnswer, lose: (error: unknown) => void): void {
    if (canceled !== undefined) {
      const stream = this.#stream;
      lose(new Error(canceled));
      stream?.end();
      return;
    }
    if (created) {
      this.#failures = 0;
      this.#listener.begun();
    }
    if (puts.length > 0) this.#listener.heard(puts);
  }

  #again(error: unknown): void {
    this.#failures += 1;
    this.#listener.lost(error);
    this.#client.turnAway();
    this.#timer = timers.setTimeout(() => this.start(), retryDelay(this.#failures));
    this.#timer.unref?.();
  }
}
