/**
 * Structured clone between processes loses one thing that records may hold, the
 * missing prototype of an object, and silently changes several that they may
 * not. Here values are copied for the journey, and what would not arrive as it
 * is does not set out.
 */

const NO_PROTOTYPE = 'transport: object without prototype';
const MOST_LEVELS = 500;

/** The value cannot be sent as it is. */
export class NotCarriable extends Error {}

/** A copy that structured clone carries without loss. Throws {@link NotCarriable}. */
export function pack(value, depth = 0) {
  if (typeof value === 'symbol' || typeof value === 'function') throw new NotCarriable();
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MOST_LEVELS) throw new NotCarriable();
  if (Array.isArray(value)) return packFields(value, new Array(value.length), depth);
  const prototype = Object.getPrototypeOf(value);
  if (prototype === null) return { [NO_PROTOTYPE]: packFields(value, {}, depth) };
  if (Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf')) {
    return packFields(value, {}, depth);
  }
  if (Object.keys(value).length > 0 && !ArrayBuffer.isView(value)) throw new NotCarriable();
  return packBuiltIn(value, depth);
}

function packFields(source, target, depth) {
  const isArray = Array.isArray(source);
  if (isArray && Object.getPrototypeOf(source) !== Array.prototype && !isForeign(source)) {
    throw new NotCarriable();
  }
  if (Object.getOwnPropertySymbols(source).length > 0) throw new NotCarriable();
  for (const name of Object.keys(source)) {
    const { get, set, value } = Object.getOwnPropertyDescriptor(source, name);
    if (get !== undefined || set !== undefined || name === '__proto__') throw new NotCarriable();
    target[name] = pack(value, depth + 1);
  }
  return target;
}

function isForeign(array) {
  return Object.hasOwn(Object.getPrototypeOf(array), 'concat');
}

function packBuiltIn(value, depth) {
  switch (Object.getPrototypeOf(value).constructor?.name) {
    case 'Map':
      return new Map([...value].map(([key, item]) => [pack(key, depth + 1), pack(item, depth + 1)]));
    case 'Set':
      return new Set([...value].map((item) => pack(item, depth + 1)));
    case 'Date':
    case 'RegExp':
    case 'ArrayBuffer':
      return structuredClone(value);
    default:
      if (!ArrayBuffer.isView(value) || Object.getPrototypeOf(value).constructor === Buffer) {
        throw new NotCarriable();
      }
      return value.slice();
  }
}

/** The value that was packed; `finish` is applied to each plain object and array, innermost first. */
export function unpack(value, finish = Object.freeze) {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  const again = (part) => unpack(part, finish);
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [again(key), again(item)]));
  if (value instanceof Set) return new Set([...value].map(again));
  if (value instanceof Date || value instanceof RegExp || value instanceof ArrayBuffer) return value;
  const fields = value[NO_PROTOTYPE];
  if (fields !== undefined) return finish(Object.assign(Object.create(null), again(fields)));
  for (const name of Object.keys(value)) value[name] = again(value[name]);
  return finish(value);
}
