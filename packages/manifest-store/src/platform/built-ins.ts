/**
 * The mutable built-ins that records may hold. Each is recognised by its
 * internal slots, not by `instanceof`, so that values of another realm (a
 * worker's message, a vm context) pass and lookalikes do not.
 */
export type BuiltInName = 'Date' | 'RegExp' | 'Map' | 'Set' | 'ArrayBuffer' | 'TypedArray';

function getter(prototype: object, name: string | symbol): (this: unknown) => unknown {
  return Object.getOwnPropertyDescriptor(prototype, name)?.get as (this: unknown) => unknown;
}

const typedArrayName = getter(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag);

/** Each throws unless `this` has the internal slots. */
const slotReaders: Readonly<Record<string, (this: unknown) => unknown>> = {
  Date: Date.prototype.getTime as (this: unknown) => unknown,
  RegExp: getter(RegExp.prototype, 'source'),
  Map: getter(Map.prototype, 'size'),
  Set: getter(Set.prototype, 'size'),
  ArrayBuffer: getter(ArrayBuffer.prototype, 'byteLength'),
};

/** Which built-in `value` is an instance of; `undefined` for anything else, derived classes included. */
export function builtInName(value: object): BuiltInName | undefined {
  const prototype = Object.getPrototypeOf(value) as { constructor?: { name?: unknown } };
  if (!Object.hasOwn(prototype, 'constructor')) return undefined;
  const name = prototype.constructor?.name;
  if (typeof name !== 'string') return undefined;
  // A class derived from it, whatever its name, has one more prototype between.
  if (typedArrayName.call(value) === name) return prototypesAbove(prototype) === 2 ? 'TypedArray' : undefined;
  if (prototypesAbove(prototype) !== 1 || !Object.hasOwn(slotReaders, name)) return undefined;
  try {
    slotReaders[name]?.call(value);
    return name as BuiltInName;
  } catch {
    return undefined;
  }
}

function prototypesAbove(prototype: object): number {
  let count = 0;
  for (let next = Object.getPrototypeOf(prototype); next !== null; next = Object.getPrototypeOf(next))
    count += 1;
  return count;
}

/** A copy in this realm, of the part of its buffer that `source` shows. */
export function copyTypedArray(source: Uint8Array): Uint8Array {
  const name = typedArrayName.call(source) as string;
  const Constructor = (globalThis as unknown as Record<string, new (from: Uint8Array) => Uint8Array>)[name];
  return new (Constructor as new (from: Uint8Array) => Uint8Array)(source);
}
