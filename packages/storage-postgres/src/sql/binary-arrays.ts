/**
 * Arrays in PostgreSQL's binary format, which `pg` passes on as it is: neither
 * side has to quote, escape or parse anything, and that is half the price of a
 * large commit. Layout: dimensions, whether there are nulls, type of the
 * elements, length, lower bound; then each element after its length in bytes.
 */

const EMPTY_HEADER = 12;
const HEADER = 20;
const OF_NULL = -1;

const OIDS = { integer: 23, bigint: 20, 'double precision': 701, text: 25 } as const;

/** What the elements of an array are; numbers have to fit. */
export type ElementType = keyof typeof OIDS;

/** An array that is written one element after the other, so that a long one can be made in pieces. */
export class BinaryArray {
  readonly #type: ElementType;
  #bytes = Buffer.allocUnsafe(256);
  #end = HEADER;
  #length = 0;

  constructor(type: ElementType) {
    this.#type = type;
  }

  add(value: string | number | null): void {
    this.#length += 1;
    // Three bytes a code unit is the most that UTF-8 takes.
    this.#reserve(4 + (typeof value === 'string' ? 3 * value.length : 8));
    const size = value === null ? OF_NULL : this.#write(value, this.#end + 4);
    this.#bytes.writeInt32BE(size, this.#end);
    this.#end += 4 + Math.max(0, size);
  }

  /** The whole array; nothing is added after it. */
  finish(): Buffer {
    const isEmpty = this.#length === 0;
    this.#bytes.writeInt32BE(isEmpty ? 0 : 1, 0);
    this.#bytes.writeInt32BE(1, 4);
    this.#bytes.writeInt32BE(OIDS[this.#type], 8);
    if (isEmpty) return this.#bytes.subarray(0, EMPTY_HEADER);
    this.#bytes.writeInt32BE(this.#length, 12);
    this.#bytes.writeInt32BE(1, 16);
    return this.#bytes.subarray(0, this.#end);
  }

  /** How many bytes it took. */
  #write(value: string | number, at: number): number {
    if (typeof value === 'string') return this.#bytes.write(value, at);
    switch (this.#type) {
      case 'integer':
        return this.#bytes.writeInt32BE(value, at) - at;
      case 'bigint':
        return this.#bytes.writeBigInt64BE(BigInt(value), at) - at;
      default:
        return this.#bytes.writeDoubleBE(value, at) - at;
    }
  }

  #reserve(size: number): void {
    if (this.#end + size <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(2 * this.#bytes.length + size);
    this.#bytes.copy(larger, 0, 0, this.#end);
    this.#bytes = larger;
  }
}
