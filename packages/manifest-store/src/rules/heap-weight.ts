/**
 * About how much heap values take, in bytes. V8 says it of no object, so these
 * were measured: estimates of whole records are between half and three times of
 * what a heap snapshot shows, and what has the fewest fields in common with
 * other records is the most underestimated.
 */
/** An object or array, empty. */
export const OBJECT_WEIGHT = 32;
export const FIELD_WEIGHT = 32;
export const ELEMENT_WEIGHT = 8;
/** A number that is no small integer lives in an object of its own. */
const BOXED_NUMBER_WEIGHT = 16;
/** A Date, a Map, a typed array: beside its content. */
export const BUILT_IN_WEIGHT = 200;

const STRING_WEIGHT = 24;

/**
 * About how many bytes of heap a copied record takes. To look into a text joins it, where it was still in the
 * pieces that it was put together from: that is why this is no part of copying.
 */
export function heapWeight(value: unknown): number {
  if (typeof value === 'string') return stringWeight(value);
  if (typeof value === 'number') return numberWeight(value);
  if (typeof value === 'bigint') return BUILT_IN_WEIGHT;
  return typeof value === 'object' && value !== null ? OBJECT_WEIGHT + contentWeight(value) : 0;
}

function contentWeight(value: object): number {
  // Not by its own index: a sparse array weighs what it holds.
  if (Array.isArray(value)) return value.length === 0 ? 0 : partsWeight(Object.values(value), ELEMENT_WEIGHT);
  return isPlainCopy(value)
    ? partsWeight(Object.values(value), FIELD_WEIGHT)
    : BUILT_IN_WEIGHT + builtInContentWeight(value);
}

/** Copies have no prototype but those of this realm. */
function isPlainCopy(value: object): boolean {
  const prototype: object | null = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function builtInContentWeight(value: object): number {
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return value.byteLength;
  if (value instanceof Set) return partsWeight([...value], FIELD_WEIGHT);
  if (!(value instanceof Map)) return 0;
  return partsWeight([...value.keys()], FIELD_WEIGHT) + partsWeight([...value.values()], 0);
}

function partsWeight(parts: readonly unknown[], weightOfPlace: number): number {
  let weight = parts.length * weightOfPlace;
  // By index, which takes a third less here: a store that is cleared is weighed at once.
  for (let i = 0; i < parts.length; i += 1) weight += heapWeight(parts[i]);
  return weight;
}

export function stringWeight(text: string): number {
  // Two bytes a unit if any unit needs them; the first and the middle one speak for the rest.
  const { length } = text;
  const isWide = length > 0 && (text.charCodeAt(0) > 0xff || text.charCodeAt(length >> 1) > 0xff);
  return STRING_WEIGHT + (isWide ? length * 2 : length);
}

export function numberWeight(value: number): number {
  return (value | 0) === value ? 0 : BOXED_NUMBER_WEIGHT;
}
