/**
 * Arrays in PostgreSQL's binary format, which `pg` passes on as it is: neither
 * side has to quote, escape or parse anything, and that is half the price of a
 * large commit. Layout: dimensions, whether there are nulls, type of the
 * elements, length, lower bound; then each element after its length in bytes.
 */

const HEADER = 20;
const INT4 = 23;
const INT8 = 20;
const FLOAT8 = 701;
const TEXT = 25;

export function textArray(values: readonly (string | null)[]): Buffer {
  let size = HEADER + 4 * values.length;
  const lengths = values.map((value) => {
    const length = value === null ? 0 : Buffer.byteLength(value);
    size += length;
    return length;
  });
  const buffer = withHeader(size, values.length, TEXT);
  let offset = HEADER;
  values.forEach((value, i) => {
    const length = lengths[i] as number;
    offset = buffer.writeInt32BE(value === null ? -1 : length, offset);
    if (length > 0) offset += buffer.write(value as string, offset);
  });
  return buffer;
}

export function int4Array(values: readonly number[]): Buffer {
  return fixedArray(values, INT4, 4, (buffer, value, offset) => buffer.writeInt32BE(value, offset));
}

export function int8Array(values: readonly (number | null)[]): Buffer {
  return fixedArray(values, INT8, 8, (buffer, value, offset) =>
    buffer.writeBigInt64BE(BigInt(value), offset),
  );
}

export function float8Array(values: readonly (number | null)[]): Buffer {
  return fixedArray(values, FLOAT8, 8, (buffer, value, offset) => buffer.writeDoubleBE(value, offset));
}

function fixedArray(
  values: readonly (number | null)[],
  type: number,
  width: number,
  write: (buffer: Buffer, value: number, offset: number) => void,
): Buffer {
  const present = values.reduce<number>((count, value) => (value === null ? count : count + 1), 0);
  const buffer = withHeader(HEADER + 4 * values.length + width * present, values.length, type);
  let offset = HEADER;
  for (const value of values) {
    offset = buffer.writeInt32BE(value === null ? -1 : width, offset);
    if (value === null) continue;
    write(buffer, value, offset);
    offset += width;
  }
  return buffer;
}

function withHeader(size: number, length: number, type: number): Buffer {
  const buffer = Buffer.allocUnsafe(length === 0 ? 12 : size);
  buffer.writeInt32BE(length === 0 ? 0 : 1, 0);
  buffer.writeInt32BE(1, 4);
  buffer.writeInt32BE(type, 8);
  if (length === 0) return buffer;
  buffer.writeInt32BE(length, 12);
  buffer.writeInt32BE(1, 16);
  return buffer;
}
