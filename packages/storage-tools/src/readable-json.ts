/**
 * JSON of a record, or of anything that a store can hold, two spaces to a level: for people and programs, and not to be read back.
 * What JSON has not is given as a text, a list or an object.
 */
export function readableJson(value: unknown): string {
  return JSON.stringify(value, expressible, 2) ?? String(value); // nothing comes of undefined
}

/** The same on one line. */
export function readableJsonLine(value: unknown): string {
  return JSON.stringify(value, expressible) ?? String(value);
}

function expressible(_: string, value: unknown): unknown {
  if (typeof value === 'bigint' || value instanceof RegExp) return String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value instanceof Map) return Array.from(value);
  if (value instanceof Set) return Array.from(value);
  if (value instanceof ArrayBuffer) return Array.from(new Uint8Array(value));
  if (ArrayBuffer.isView(value))
    return Array.from(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  return value;
}
