import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const MEMORY_SECTION = 5;

/**
 * The WebAssembly file of sql.js with less memory than it may have.
 *
 * @param pages The most that it may have, each of 64 KiB.
 */
export function wasmWithMemory(pages: number): Uint8Array {
  const wasm = Buffer.from(readFileSync(createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.wasm')));
  for (let offset = 8; offset < wasm.length; ) {
    const length = readNumber(wasm, offset + 1);
    if (wasm[offset] === MEMORY_SECTION) {
      // One memory, with flags, the pages at first, and the most there may be.
      const first = readNumber(wasm, length.end + 2);
      writeNumber(wasm, first.end, readNumber(wasm, first.end).end, pages);
      return wasm;
    }
    offset = length.end + length.value;
  }
  throw new Error('sql.js has no memory of its own');
}

/** LEB128. */
function readNumber(bytes: Uint8Array, offset: number): { value: number; end: number } {
  let value = 0;
  let end = offset;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[end] as number;
    end += 1;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return { value, end };
  }
}

/** LEB128 of a given length. */
function writeNumber(bytes: Uint8Array, start: number, end: number, value: number): void {
  for (let at = start, rest = value; at < end; at++, rest >>= 7) {
    bytes[at] = (rest & 0x7f) | (at < end - 1 ? 0x80 : 0);
  }
}
