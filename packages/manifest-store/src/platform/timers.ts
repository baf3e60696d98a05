/** What a timer function gives back: an object in Node.js, a number in browsers. */
export interface Timer {
  /** Node.js only: lets the process end before the timer fires. */
  unref?(): unknown;
}

/** What this module needs of its environment, of which it knows no types. */
interface Environment {
  setTimeout(callback: () => void, delay: number): Timer;
  clearTimeout(timer: Timer | undefined): void;
  setInterval(callback: () => void, delay: number): Timer;
  clearInterval(timer: Timer | undefined): void;
  setImmediate?(callback: () => void): unknown;
  readonly performance: { now(): number };
  readonly MessageChannel?: new () => { readonly port1: ReceivingPort; readonly port2: SendingPort };
}

interface ReceivingPort {
  onmessage: (() => void) | null;
  close(): void;
}

interface SendingPort {
  postMessage(message: unknown): void;
}

const environment: Environment = Object(globalThis);
// Optional: an environment without them still gets what waits for nothing.
const setTimeout = environment.setTimeout?.bind(globalThis);
const startTurn = environment.setImmediate?.bind(globalThis) ?? withoutImmediate(environment);

/** See {@link timers}. */
export interface Timers {
  setTimeout(callback: () => void, delay: number): Timer;
  clearTimeout(timer: Timer | undefined): void;
  setInterval(callback: () => void, delay: number): Timer;
  clearInterval(timer: Timer | undefined): void;
  /** Milliseconds by a clock that is never set. */
  now(): number;
  /** Milliseconds since the epoch, by the true clock even where `Date` is a fake. */
  wallClock(): number;
  /** Resolves after `delay` milliseconds; keeps the process alive meanwhile. */
  sleep(delay: number): Promise<void>;
  /** Resolves in the next turn of the event loop, after everything that can run in this one. */
  nextTurn(): Promise<void>;
}

/**
 * The timers and clocks of the environment as they were when this module was
 * loaded. Test runners replace the global ones with fakes that stand still, and
 * a store whose writes wait for those would never answer. Storages use these
 * and no others; browsers want them called on the global object, hence bound.
 */
export const timers: Timers = Object.freeze({
  setTimeout,
  clearTimeout: environment.clearTimeout?.bind(globalThis),
  setInterval: environment.setInterval?.bind(globalThis),
  clearInterval: environment.clearInterval?.bind(globalThis),
  now: environment.performance?.now.bind(environment.performance) ?? Date.now,
  wallClock: Date.now,
  sleep: (delay: number) => new Promise<void>((resolve) => setTimeout(resolve, delay)),
  nextTurn: () => new Promise<void>((resolve) => void startTurn(resolve)),
});

/** Asked for only where it is needed: Node.js loads its threads and streams when somebody looks at MessageChannel. */
function withoutImmediate({ MessageChannel }: Environment): (resolve: () => void) => void {
  return MessageChannel ? messageTo(MessageChannel) : afterTimer;
}

/** Browsers hold timers back, by 4 ms when they are nested and by a second in a hidden page; messages they do not. */
function messageTo(Channel: NonNullable<Environment['MessageChannel']>): (resolve: () => void) => void {
  return (resolve) => {
    const { port1, port2 } = new Channel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  };
}

function afterTimer(resolve: () => void): void {
  setTimeout(resolve, 0);
}
