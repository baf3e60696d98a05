import { refuse } from './errors.mjs';

const TRAPS = [
  ...['get', 'has', 'ownKeys', 'getOwnPropertyDescriptor', 'getPrototypeOf', 'isExtensible'],
  ...['set', 'defineProperty', 'deleteProperty', 'setPrototypeOf', 'preventExtensions'],
];

/** Makers of proxies, of a target that may be anything that is no primitive. All that is random is decided at once. */
export const PROXIES = [
  /** One of its traps throws, */
  (target, random) => new Proxy(target, { [random.pick(TRAPS)]: refuse }),
  /** or all of them. */
  (target) => new Proxy(target, Object.fromEntries(TRAPS.map((name) => [name, refuse]))),
  (target) => {
    const { proxy, revoke } = Proxy.revocable(target, {});
    revoke();
    return proxy;
  },
  /** Each property is another proxy, without end. */
  () => endless(),
  /** It has other properties each time, */
  (target) => {
    let count = 0;
    return new Proxy(target, {
      ownKeys: () => [...Reflect.ownKeys(target), `k${count++}`],
      getOwnPropertyDescriptor: (_, name) =>
        Reflect.getOwnPropertyDescriptor(target, name) ?? {
          value: count,
          configurable: true,
          enumerable: true,
        },
    });
  },
  /** other values, */
  (target) => {
    let count = 0;
    return new Proxy(target, { get: () => count++ });
  },
  /** another length, */
  (target, random) => {
    const length = random.pick([-1, 2 ** 40, Number.NaN, '3', 1.5, 3n, Symbol('length')]);
    return new Proxy(target, { get: (of, name) => (name === 'length' ? length : Reflect.get(of, name)) });
  },
  /** another prototype, */
  (target, random) => {
    const prototype = random.pick([null, Array.prototype, Map.prototype, Date.prototype]);
    return new Proxy(target, { getPrototypeOf: () => prototype });
  },
  /** names that it denies to have, and some twice; */
  (target, random) => {
    const names = random.pick([['a', 'a'], [1], null, 'names', ['handlerId'], [Symbol('x')]]);
    return new Proxy(target, { ownKeys: () => names });
  },
  /** descriptors that break the rules of proxies. */
  (target, random) => {
    const descriptor = random.pick([{}, null, { get: refuse }, { value: 1, configurable: false }]);
    return new Proxy(target, { getOwnPropertyDescriptor: () => descriptor });
  },
  /** Nothing is odd about it but that it is a proxy. */
  (target) => new Proxy(target, {}),
  /** It revokes itself while it is looked at. */
  (target) => {
    const { proxy, revoke } = Proxy.revocable(target, {
      ownKeys: (of) => {
        revoke();
        return Reflect.ownKeys(of);
      },
    });
    return proxy;
  },
];

function endless() {
  return new Proxy(
    {},
    {
      get: (_, name) => (typeof name === 'string' ? endless() : undefined),
      ownKeys: () => ['a', 'b'],
      getOwnPropertyDescriptor: () => ({
        value: endless(),
        configurable: true,
        enumerable: true,
        writable: true,
      }),
    },
  );
}
