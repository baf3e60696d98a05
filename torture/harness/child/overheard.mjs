import { canonical } from '../canonical.mjs';

const ITERATORS = new Set(['entries', 'watch', 'log']);

/**
 * A storage that tells what came of each call: its value, or all that an error says to programs.
 *
 * @param {(method: string, outcome: string) => void} listener
 */
export function overheard(storage, capabilities, listener) {
  return new Proxy(storage, {
    get(target, name) {
      if (name === 'capabilities') return capabilities;
      const member = Reflect.get(target, name, target);
      if (typeof member !== 'function' || typeof name !== 'string') return member;
      return (...args) => {
        const result = member.apply(target, args);
        if (ITERATORS.has(name)) return overheardIterator(name, result, listener);
        if (result instanceof Promise) tellOf(name, result, listener);
        return result;
      };
    },
  });
}

/** Every step of an iteration, without the time of a commit. */
function overheardIterator(name, iterator, listener) {
  const next = () => {
    const step = iterator.next();
    tellOf(
      name,
      step.then(({ done, value }) => (done ? 'done' : { ...value, committedAt: undefined })),
      listener,
    );
    return step;
  };
  const iterable = { next, return: () => iterator.return(), [Symbol.asyncIterator]: () => iterable };
  return iterable;
}

/** How a cache, a feed and connections do is a matter of the instance, and what a store takes one of the database. */
function ofStore({ cache: _cache, feed: _feed, bytes: _bytes, connections: _connections, ...stats }) {
  return stats;
}

function tellOf(name, promise, listener) {
  promise.then(
    (value) => listener(name, canonical(name === 'stats' ? ofStore(value) : value)),
    ({ code, path, details, retryable }) => listener(name, canonical({ code, path, details, retryable })),
  );
}
