import {
  ELEMENT_WEIGHT,
  FIELD_WEIGHT,
  numberWeight,
  OBJECT_WEIGHT,
  stringWeight,
} from '@gati-framework/manifest-store/backend';

/**
 * As {@link deepFreeze}, for what JSON.parse yields while nothing is inherited: objects and arrays.
 * Returns about how many bytes of heap it takes.
 */
export function freezeJson(value: object): number {
  const partWeight = Array.isArray(value) ? ELEMENT_WEIGHT : FIELD_WEIGHT;
  let weight = OBJECT_WEIGHT;
  for (const name in value) {
    const part = (value as Record<string, unknown>)[name];
    weight += partWeight;
    if (typeof part === 'string') weight += stringWeight(part);
    else if (typeof part === 'number') weight += numberWeight(part);
    else if (typeof part === 'object' && part !== null) weight += freezeJson(part);
  }
  Object.freeze(value);
  return weight;
}

/** Freezes what can be frozen: Dates, typed arrays and the like cannot, and a frozen RegExp could not be used. */
export function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
  if (value instanceof Map) {
    for (const entry of value) entry.forEach(deepFreeze);
  } else if (value instanceof Set) {
    value.forEach(deepFreeze);
  } else if (Array.isArray(value) || isPlainObject(value)) {
    // A sparse array has only the values that it holds.
    for (const part of Object.values(value)) deepFreeze(part);
    Object.freeze(value);
  }
}

function isPlainObject(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
