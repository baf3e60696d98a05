import { inspect } from 'node:util';

/** A value of a record on one line: as JSON, or as JavaScript would write it where JSON cannot. */
export function valueText(value: unknown): string {
  if (isJson(value)) return JSON.stringify(value);
  return inspect(value, { breakLength: Number.POSITIVE_INFINITY, depth: null, maxArrayLength: null });
}

function isJson(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  if (Array.isArray(value)) return value.every(isJson);
  return isPlain(value) && Object.values(value).every(isJson);
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
