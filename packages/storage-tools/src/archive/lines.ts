import { badArchive } from './archive-error.js';

/** Room for the largest record that may be stored, escaped; a line without an end must not fill the memory. */
const MAX_LINE_BYTES = 256 * 1024 * 1024;

/**
 * The lines of a stream with their ends, which the last one must have, too. They come as a chunk brings them: who asks for each
 * by itself waits longer for them than reading them takes.
 */
export async function* linesOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<readonly Buffer[]> {
  let line = 1;
  let parts: Buffer[] = [];
  let length = 0;
  for await (const bytes of source) {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const lines: Buffer[] = [];
    let start = 0;
    for (let end = chunk.indexOf(0x0a); end !== -1; end = chunk.indexOf(0x0a, start)) {
      const last = chunk.subarray(start, end + 1);
      lines.push(parts.length === 0 ? last : Buffer.concat([...parts, last]));
      parts = [];
      length = 0;
      line += 1;
      start = end + 1;
    }
    if (lines.length > 0) yield lines;
    if (start === chunk.length) continue;
    parts.push(chunk.subarray(start));
    length += chunk.length - start;
    if (length > MAX_LINE_BYTES) throw badArchive(line, `is longer than ${MAX_LINE_BYTES} bytes`);
  }
  if (length > 0) throw badArchive(line, 'breaks off: the archive is truncated');
}
