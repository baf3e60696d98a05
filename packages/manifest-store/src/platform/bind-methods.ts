/**
 * Gives an object its methods as properties of its own, bound to it, so that
 * they work through a Proxy around it (containers, mocks, tracing) and when
 * taken off it: private fields are found on the object itself alone.
 */
export function bindMethods(target: object): void {
  let prototype: object = Object.getPrototypeOf(target);
  while (prototype !== Object.prototype) {
    for (const name of Reflect.ownKeys(prototype)) {
      const method: unknown = Object.getOwnPropertyDescriptor(prototype, name)?.value;
      if (name === 'constructor' || typeof method !== 'function' || Object.hasOwn(target, name)) continue;
      const descriptor = {
        value: method.bind(target),
        writable: true,
        enumerable: false,
        configurable: true,
      };
      Object.defineProperty(target, name, descriptor);
    }
    prototype = Object.getPrototypeOf(prototype);
  }
}
