import { timers } from '../platform/timers.js';
import type { StorageMessage, StorageMessages } from './messages.js';

/** As much as is used of a `Channel` of `node:diagnostics_channel`. */
interface Channel {
  readonly hasSubscribers: boolean;
  publish(message: object): void;
  runStores<R>(message: object, work: () => R): R;
}

interface DiagnosticsChannels {
  channel(name: string): Channel;
}

/** What is known of the environment, of which this package knows no types. */
interface Environment {
  readonly process?: { getBuiltinModule?(name: string): Partial<DiagnosticsChannels> | undefined };
}

/** Where nobody can listen. */
const NOBODY: Channel = Object.freeze({
  hasSubscribers: false,
  publish: () => {},
  runStores: <R>(_message: object, work: () => R) => work(),
});

/** Asked of the process, as bundlers and browsers do not know the module; without a prefix that they would look for. */
const { process }: Environment = Object(globalThis);
const diagnostics = process?.getBuiltinModule?.('diagnostics_channel');

function channel(name: string): Channel {
  return diagnostics?.channel?.(name) ?? NOBODY;
}

/**
 * The five channels of a `TracingChannel` of `node:diagnostics_channel`, to publish on. Whoever publishes asks
 * {@link hasSubscribers} first and makes no message when there are none.
 */
export class StorageChannel<M extends StorageMessage> {
  readonly #start: Channel;
  readonly #end: Channel;
  readonly #asyncStart: Channel;
  readonly #asyncEnd: Channel;
  readonly #error: Channel;

  constructor(name: string) {
    const of = (event: string): Channel => channel(`tracing:${name}:${event}`);
    this.#start = of('start');
    this.#end = of('end');
    this.#asyncStart = of('asyncStart');
    this.#asyncEnd = of('asyncEnd');
    this.#error = of('error');
  }

  get hasSubscribers(): boolean {
    return (
      this.#start.hasSubscribers ||
      this.#asyncEnd.hasSubscribers ||
      this.#end.hasSubscribers ||
      this.#error.hasSubscribers ||
      this.#asyncStart.hasSubscribers
    );
  }

  /**
   * Runs work between its events: `start` and `end` around the call, `asyncStart` and `asyncEnd` around the settling of
   * the promise where it returns one, `error` before the last of them where it fails.
   *
   * @param begun When it began, by the clock of `timers`, where the first of it is done already.
   */
  trace<R>(message: M, work: () => R, begun: number = timers.now()): R {
    return this.#start.runStores(message, () => {
      try {
        const result = work();
        if (result instanceof Promise) return this.#settling(message, begun, result) as R;
        message.duration = timers.now() - begun;
        return result;
      } catch (error) {
        this.#fail(message, begun, error);
        throw error;
      } finally {
        this.#end.publish(message);
      }
    });
  }

  /** For work that is done in several pieces: tells that it begins. What it returns is called once, at its end. */
  begin(message: M): (failure?: { readonly error: unknown }) => void {
    const begun = timers.now();
    this.#start.publish(message);
    return (failure) => {
      if (failure === undefined) message.duration = timers.now() - begun;
      else this.#fail(message, begun, failure.error);
      this.#end.publish(message);
    };
  }

  #settling<T>(message: M, begun: number, result: Promise<T>): Promise<T> {
    return result.then(
      (value) => {
        message.duration = timers.now() - begun;
        this.#settled(message);
        return value;
      },
      (error: unknown) => {
        this.#fail(message, begun, error);
        this.#settled(message);
        throw error;
      },
    );
  }

  #settled(message: M): void {
    this.#asyncStart.publish(message);
    this.#asyncEnd.publish(message);
  }

  #fail(message: M, begun: number, error: unknown): void {
    message.duration = timers.now() - begun;
    message.error = error;
    this.#error.publish(message);
  }
}

/** One for each name. */
type Channels = {
  readonly [N in keyof StorageMessages as N extends `gati:storage:${infer Short}`
    ? Short
    : never]: StorageChannel<StorageMessages[N]>;
};

/** The channels that storages publish on: the only place that names them. */
export const channels: Channels = Object.freeze({
  read: new StorageChannel('gati:storage:read'),
  commit: new StorageChannel('gati:storage:commit'),
  group: new StorageChannel('gati:storage:group'),
  open: new StorageChannel('gati:storage:open'),
  feed: new StorageChannel('gati:storage:feed'),
  fold: new StorageChannel('gati:storage:fold'),
  trim: new StorageChannel('gati:storage:trim'),
  migrate: new StorageChannel('gati:storage:migrate'),
});
