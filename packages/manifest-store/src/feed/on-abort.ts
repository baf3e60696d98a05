import type { AbortSignalLike } from '../contract/storage.js';
import { StorageError } from '../contract/storage-error.js';

interface Subscription {
  readonly callbacks: Set<() => void>;
  readonly listener: () => void;
}

/** One listener a signal, however many wait for it: Node.js warns of a leak at the eleventh. */
const subscriptions = new WeakMap<AbortSignalLike, Subscription>();

/** Whether the signal was aborted; one that throws when it is asked is of no more use. */
export function isAborted(signal: AbortSignalLike): boolean {
  try {
    return signal.aborted;
  } catch {
    return true;
  }
}

/**
 * Calls back once when the signal is aborted, unless what is returned is called
 * before; that never throws. Throws `INVALID_OPTIONS` when the signal takes no listener.
 */
export function onAbort(signal: AbortSignalLike, callback: () => void): () => void {
  const { callbacks, listener } = subscriptions.get(signal) ?? subscribe(signal);
  callbacks.add(callback);
  return () => {
    if (!callbacks.delete(callback) || callbacks.size > 0) return;
    subscriptions.delete(signal);
    try {
      signal.removeEventListener('abort', listener);
    } catch {
      // Somebody else's signal must not keep a storage from closing; its listener does nothing any more.
    }
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
  try {
    signal.addEventListener('abort', listener, { once: true });
  } catch (cause) {
    throw new StorageError('INVALID_OPTIONS', 'signal takes no listener; give an AbortSignal.', {
      path: 'signal',
      cause,
    });
  }
  const subscription = { callbacks, listener };
  subscriptions.set(signal, subscription);
  return subscription;
}
