/** JSON for programs, two spaces to a level. What a store can hold and JSON cannot is given as a text, a list or an object. */
export function asJson(value: unknown): string {
  return JSON.stringify(value, expressible, 2);
}

/** The same on one line, for people. */
export function asJsonLine(value: unknown): string {
  return JSON.stringify(value, expressible) ?? String(value); // nothing comes of undefined
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
