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

function tellOf(name, promise, listener) {
  promise.then(
    (value) => listener(name, canonical(value)),
    ({ code, path, details, retryable }) => listener(name, canonical({ code, path, details, retryable })),
  );
}
