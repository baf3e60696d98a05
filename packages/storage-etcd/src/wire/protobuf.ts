/**
 * The wire format of Protocol Buffers, as far as etcd's messages need it: integers that are not negative, texts,
 * bytes and messages within messages. As in proto3, a field that has its default value is left out.
 */

/**
 * What is to be written, in pieces: bytes, a text in UTF-8, or the bytes of a few numbers. They are joined once, as a request
 * has thousands of fields, which would be copied anew with each message around them.
 */
export interface Pieces {
  /** In bytes. */
  readonly length: number;
  readonly list: readonly (Uint8Array | string | readonly number[])[];
}

/** An encoded field; undefined where it has its default value. */
export type Field = Pieces | undefined;

const VARINT = 0;
const FIXED_64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;

/** A message of these fields, in their order. */
export function message(...fields: readonly Field[]): Pieces {
  const list: Pieces['list'][number][] = [];
  let length = 0;
  for (const field of fields) {
    if (field === undefined) continue;
    for (const piece of field.list) list.push(piece);
    length += field.length;
  }
  return { length, list };
}

export function bytesField(number: number, value: Uint8Array | string | undefined): Field {
  if (value === undefined || value.length === 0) return undefined;
  const length = typeof value === 'string' ? Buffer.byteLength(value) : value.length;
  return nested(number, { length, list: [value] });
}

export function intField(number: number, value: number | undefined): Field {
  return value === undefined || value === 0 ? undefined : presentInt(number, value);
}

/** As {@link intField}, there also when it is 0: of several fields, it says which. */
export function presentInt(number: number, value: number): Pieces {
  return ofNumbers([...varint(number * 8 + VARINT), ...varint(value)]);
}

export function flagField(number: number, value: boolean | undefined): Field {
  return intField(number, value === true ? 1 : 0);
}

/** A message as a field: there also when it is empty, as that says which of several it is. */
export function nested(number: number, { length, list }: Pieces): Pieces {
  const header = [...varint(number * 8 + LENGTH_DELIMITED), ...varint(length)];
  return { length: header.length + length, list: [header, ...list] };
}

/** The message as it is sent. */
export function join({ length, list }: Pieces): Buffer {
  const joined = Buffer.allocUnsafe(length);
  let at = 0;
  for (const piece of list) {
    if (typeof piece === 'string') at += joined.write(piece, at);
    else if (piece instanceof Uint8Array) {
      joined.set(piece, at);
      at += piece.length;
    } else for (const byte of piece) at = joined.writeUInt8(byte, at);
  }
  return joined;
}

function ofNumbers(numbers: readonly number[]): Pieces {
  return { length: numbers.length, list: [numbers] };
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) + 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return bytes;
}

/** The value of a field, as its reader takes it. */
export interface FieldValue {
  /** Of an integer; beyond 2^53 it is not exact. */
  readonly int: number;
  /** Of a text, bytes or a message, or an integer as it is written: a part of what is read, and no copy. */
  readonly bytes: Buffer;
}

/**
 * Calls the reader of each field that has one, in the order of the message; a repeated field is read each time.
 * Throws a RangeError where it ends too early.
 */
export function readMessage(
  bytes: Buffer,
  readers: Readonly<Record<number, (value: FieldValue) => void>>,
): void {
  const cursor = { at: 0 };
  while (cursor.at < bytes.length) {
    const tag = readVarint(bytes, cursor);
    const value = readValue(bytes, cursor, tag % 8);
    readers[Math.floor(tag / 8)]?.(value);
  }
}

function readValue(bytes: Buffer, cursor: { at: number }, wireType: number): FieldValue {
  const begin = cursor.at;
  if (wireType === VARINT) return { int: readVarint(bytes, cursor), bytes: bytes.subarray(begin, cursor.at) };
  if (wireType !== LENGTH_DELIMITED && wireType !== FIXED_64 && wireType !== FIXED_32)
    throw new RangeError(`a field of the unknown wire type ${wireType}`);
  const length = wireType === LENGTH_DELIMITED ? readVarint(bytes, cursor) : wireType === FIXED_64 ? 8 : 4;
  const start = cursor.at;
  cursor.at += length;
  if (cursor.at > bytes.length) throw new RangeError('a message that ends within a field');
  return { int: 0, bytes: bytes.subarray(start, cursor.at) };
}

function readVarint(bytes: Buffer, cursor: { at: number }): number {
  let value = 0;
  for (let factor = 1; ; factor *= 0x80) {
    const byte = bytes[cursor.at];
    if (byte === undefined) throw new RangeError('a message that ends within a number');
    cursor.at += 1;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return value;
  }
}

/** An integer of up to 64 bits, exactly. */
export function bigIntOf({ bytes }: FieldValue): bigint {
  return bytes.reduceRight((value, byte) => value * 128n + BigInt(byte & 0x7f), 0n);
}
