const { getPrototypeOf } = Object;

/** Whether for...in finds what others gave to Object.prototype or Array.prototype in objects and arrays. */
export function arePrototypesPolluted(): boolean {
  for (const _ in Object.prototype) return true;
  for (const _ in Array.prototype) return true;
  return false;
}

/** A copy that inherits nothing. */
export function withoutPrototype<T extends object>(source: T): T {
  return Object.assign(Object.create(null), source);
}

/** Sets a field of an object literal, also where Object.prototype has a setter or a constant of that name. */
export function setField(target: Record<string, unknown>, name: string, value: unknown): void {
  if (name in Object.prototype) {
    const descriptor = { value, writable: true, enumerable: true, configurable: true };
    Object.defineProperty(target, name, Object.assign(Object.create(null), descriptor));
  } else {
    target[name] = value;
  }
}

/** Whether it is the Object.prototype of another realm: nothing else has no prototype and these methods. */
export function isForeignObjectPrototype(prototype: object | null): boolean {
  return (
    prototype !== null && getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf')
  );
}

/** Whether it is an array of another realm. */
export function isForeignArray(array: readonly unknown[]): boolean {
  const prototype: object | null = getPrototypeOf(array);
  // A class derived from Array has one more prototype between.
  return (
    prototype !== null &&
    Object.hasOwn(prototype, 'flatMap') &&
    isForeignObjectPrototype(getPrototypeOf(prototype))
  );
}

/**
 * Whether a Date, a Map or the like was given the prototype of a plain object: it
 * looks like an empty one, and only its clone still shows what it is. Half a
 * microsecond, so ask it of what looks empty and of nothing else.
 */
export function isDisguised(value: object): boolean {
  const prototype: object | null = getPrototypeOf(cloneOf(value));
  return prototype !== Object.prototype && prototype !== null && !isForeignObjectPrototype(prototype);
}

/** A proxy cannot be cloned, and is what it looks like. */
function cloneOf(value: object): object {
  // Not as the module is loaded: Node.js loads its threads and streams when somebody looks at it.
  const structuredClone: ((value: object) => object) | undefined = Reflect.get(globalThis, 'structuredClone');
  try {
    return structuredClone?.(value) ?? value;
  } catch {
    return value;
  }
}
