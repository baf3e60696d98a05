import { refuse } from './errors.mjs';

/** Makers of what is to be iterated over, and misbehaves; `change` makes a change, `inner` anything. */
export const ITERATORS = [
  (change, inner) => asynchronous([change(), inner(), change()]),
  (change) => asynchronous([change(), change()]),
  (change) => ({ [Symbol.asyncIterator]: () => ({ next: afterSome([change()], refuse) }) }),
  (change) => ({
    [Symbol.asyncIterator]: () => ({ next: afterSome([change()], () => Promise.reject(null)) }),
  }),
  (change, inner) => ({ [Symbol.asyncIterator]: () => ({ next: afterSome([change()], inner) }) }),
  (change) => ({
    [Symbol.asyncIterator]: () => ({
      next: afterSome([change(), 'none'], () => ({ done: true })),
      return: refuse,
    }),
  }),
  (change) => ({
    [Symbol.asyncIterator]: () => ({
      next: afterSome([change()], () => ({
        get done() {
          return refuse();
        },
      })),
    }),
  }),
  (change) => ({
    [Symbol.asyncIterator]: () => ({
      next: afterSome([change()], () => ({
        done: false,
        get value() {
          return refuse();
        },
      })),
    }),
  }),
  (_, inner) => ({ [Symbol.asyncIterator]: inner() }),
  (_, inner) => ({ [Symbol.asyncIterator]: () => inner() }),
  () => ({ [Symbol.asyncIterator]: refuse }),
  () => ({
    get [Symbol.asyncIterator]() {
      return refuse();
    },
  }),
  (change) => new Set([change()]),
  (change) => [change()].values(),
  (change) => ({ [Symbol.iterator]: () => ({ next: afterSome([change()], refuse) }) }),
  () => 'text',
  () => ({ length: 2, 0: { clear: true }, 1: { clear: true } }),
];

async function* asynchronous(values) {
  yield* values;
}

function afterSome(values, then) {
  const left = [...values];
  return () => (left.length > 0 ? { done: false, value: left.shift() } : then());
}
