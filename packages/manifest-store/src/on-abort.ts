import type { AbortSignalLike } from './storage.js';

interface Subscription {
  readonly callbacks: Set<() => void>;
  readonly listener: () => void;
}

/** One listener a signal, however many wait for it: Node.js warns of a leak at the eleventh. */
const subscriptions = new WeakMap<AbortSignalLike, Subscription>();

/** Calls back once when the signal is aborted, unless what is returned is called before. */
export function onAbort(signal: AbortSignalLike, callback: () => void): () => void {
  const { callbacks, listener } = subscriptions.get(signal) ?? subscribe(signal);
  callbacks.add(callback);
  return () => {
    if (!callbacks.delete(callback) || callbacks.size > 0) return;
    subscriptions.delete(signal);
    signal.removeEventListener('abort', listener);
  };
}

function subscribe(signal: AbortSignalLike): Subscription {
  const callbacks = new Set<() => void>();
  const listener = (): void => {
    subscriptions.delete(signal);
    const waiting = [...callbacks];
    callbacks.clear();
    for (const callback of waiting) callback();
  };
  const subscription = { callbacks, listener };
  subscriptions.set(signal, subscription);
  signal.addEventListener('abort', listener, { once: true });
  return subscription;
}
