import assert from 'node:assert/strict';

/** Fails unless every plain object and array in `value` is frozen. Dates, Maps and the like cannot be. */
export function assertDeepFrozen(value: unknown, path = 'the result'): void {
  if (typeof value !== 'object' || value === null) return;
  if (value instanceof Map) {
    for (const [key, item] of value) {
      assertDeepFrozen(key, `a key of ${path}`);
      assertDeepFrozen(item, `a value of ${path}`);
    }
  } else if (value instanceof Set) {
    for (const item of value) assertDeepFrozen(item, `a member of ${path}`);
  } else if (isPlain(value)) {
    assert.ok(Object.isFrozen(value), `${path} is not frozen`);
    for (const [name, field] of Object.entries(value)) assertDeepFrozen(field, `${path}.${name}`);
  }
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === null || prototype === Object.prototype;
}
