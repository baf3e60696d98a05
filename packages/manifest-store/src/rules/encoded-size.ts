import { utf8Length } from './key-rules.js';

/** Bytes of the JSON text of a snapshot; values that JSON cannot carry count as what they contain. */
export function encodedSize(value: unknown): number {
  if (typeof value === 'string') return utf8Length(JSON.stringify(value));
  if (typeof value !== 'object' || value === null) return String(value).length;
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return Math.ceil((value.byteLength * 4) / 3);
  if (Array.isArray(value)) return sizeOfList(value);
  if (value instanceof Map) return sizeOfList([...value].flat());
  if (value instanceof Set) return sizeOfList([...value]);
  const fields = Object.entries(value);
  // A colon for each field, and a comma after each but the last.
  return fields.reduce(
    (bytes, [name, field]) => bytes + encodedSize(name) + 1 + encodedSize(field),
    2 + Math.max(0, fields.length - 1),
  );
}

function sizeOfList(items: readonly unknown[]): number {
  let bytes = 2;
  let count = 0;
  // Not by index: a sparse array costs what it holds.
  for (const index of Object.keys(items)) {
    bytes += encodedSize(items[Number(index)]);
    count += 1;
  }
  return bytes + Math.max(0, count - 1);
}
