/** As {@link deepFreeze}, for what JSON.parse yields while nothing is inherited: objects and arrays. */
export function freezeJson(value: object): void {
  for (const name in value) {
    const field = (value as Record<string, unknown>)[name];
    if (typeof field === 'object' && field !== null) freezeJson(field);
  }
  Object.freeze(value);
}

/** Freezes what can be frozen: Dates, typed arrays and the like cannot, and a frozen RegExp could not be used. */
export function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
  if (value instanceof Map) {
    for (const entry of value) entry.forEach(deepFreeze);
  } else if (value instanceof Set) {
    value.forEach(deepFreeze);
  } else if (Array.isArray(value) || isPlainObject(value)) {
    // By name: a sparse array costs only what it holds.
    for (const name of Object.keys(value)) deepFreeze((value as Record<string, unknown>)[name]);
    Object.freeze(value);
  }
}

function isPlainObject(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
