/**
 * The mutable built-ins that records may hold. Each is recognised by its
 * internal slots, not by `instanceof`, so that values of another realm (a
 * worker's message, a vm context) pass and lookalikes do not.
 */
export type BuiltIn =
  | { readonly name: 'Date'; readonly value: Date }
  | { readonly name: 'RegExp'; readonly value: RegExp }
  | { readonly name: 'Map'; readonly value: Map<unknown, unknown> }
  | { readonly name: 'Set'; readonly value: Set<unknown> }
  | { readonly name: 'ArrayBuffer'; readonly value: ArrayBuffer }
  | { readonly name: 'TypedArray'; readonly value: Uint8Array };

/** Throws unless `this` has the internal slots. */
type SlotReader = (this: unknown) => unknown;

function getter(prototype: object, name: string | symbol): SlotReader {
  const get: SlotReader | undefined = Object.getOwnPropertyDescriptor(prototype, name)?.get;
  if (get === undefined) throw new TypeError(`This runtime has no ${String(name)}.`);
  return get;
}

const typedArrayName = getter(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag);

const slotReaders: Readonly<Record<string, SlotReader>> = {
  Date: Date.prototype.getTime,
  RegExp: getter(RegExp.prototype, 'source'),
  Map: getter(Map.prototype, 'size'),
  Set: getter(Set.prototype, 'size'),
  ArrayBuffer: getter(ArrayBuffer.prototype, 'byteLength'),
};

/** Which built-in `value` is an instance of; `undefined` for anything else, derived classes included. */
export function asBuiltIn(value: object): BuiltIn | undefined {
  const name = builtInName(value);
  return name === undefined ? undefined : ({ name, value } as BuiltIn);
}

function builtInName(value: object): string | undefined {
  const prototype: { constructor?: { name?: unknown } } = Object.getPrototypeOf(value);
  if (!Object.hasOwn(prototype, 'constructor')) return undefined;
  const name = prototype.constructor?.name;
  if (typeof name !== 'string') return undefined;
  // A class derived from it, whatever its name, has one more prototype between.
  if (typedArrayName.call(value) === name) return prototypesAbove(prototype) === 2 ? 'TypedArray' : undefined;
  if (prototypesAbove(prototype) !== 1 || !Object.hasOwn(slotReaders, name)) return undefined;
  try {
    slotReaders[name]?.call(value);
    return name;
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
  const name = String(typedArrayName.call(source));
  const Constructor: new (from: Uint8Array) => Uint8Array = Reflect.get(globalThis, name);
  return new Constructor(source);
}
