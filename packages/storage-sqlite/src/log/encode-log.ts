import { jsonText } from '@gati-framework/manifest-store/backend';
import type { EncodedChange } from '@gati-framework/storage-kit';
import { finish, finishInSlices, type Steps } from '../commit/steps.js';
import type { LogBase, LogEntry } from './commit-log.js';
import { FORMAT, FRAME_HEADER, VERSION } from './commit-log.js';
import { CRC_START, crc32, crcOf, updateCrc } from './crc32.js';

/** Characters that are encoded at a time: some 0.1 ms. */
const CHUNK = 64 * 1024;

const encoder = new TextEncoder();

/**
 * The bytes that add commits to a log, oldest first: one frame, so that a frame
 * is what is written, and lost in a crash, as one.
 *
 * @param base For a log that is still empty: what it begins after.
 */
export function encodeLog(base: LogBase | undefined, entries: readonly LogEntry[]): Uint8Array {
  return finish(frameOf(base, entries));
}

/** As {@link encodeLog}, for so many that it is worth to let others have their turns meanwhile. */
export async function encodeLogInSlices(
  base: LogBase | undefined,
  entries: readonly LogEntry[],
): Promise<Uint8Array> {
  return finishInSlices(frameOf(base, entries));
}

function* frameOf(base: LogBase | undefined, entries: readonly LogEntry[]): Steps<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let crc = CRC_START;
  let length = 0;
  for (const text of inChunks(payloadOf(base, entries))) {
    const chunk = encoder.encode(text);
    crc = updateCrc(crc, chunk);
    length += chunk.length;
    chunks.push(chunk);
    yield;
  }
  const frame = new Uint8Array(FRAME_HEADER + length);
  const view = new DataView(frame.buffer);
  view.setUint32(0, length, true);
  view.setUint32(4, crc32(frame, 0, 4), true);
  view.setUint32(8, crcOf(crc), true);
  let end = FRAME_HEADER;
  for (const chunk of chunks) {
    frame.set(chunk, end);
    end += chunk.length;
    yield;
  }
  return frame;
}

/** Texts of about the size of a chunk; none is cut, as that could be in the middle of a character. */
function* inChunks(texts: Iterable<string>): Generator<string> {
  let chunk = '';
  for (const text of texts) {
    chunk += text;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk;
}

/** The line of JSON, and the values behind it: they are JSON already, and quoting them again would double the work. */
function* payloadOf(base: LogBase | undefined, entries: readonly LogEntry[]): Generator<string> {
  yield base === undefined ? '{"commits":[' : `${beginningOf(base)},"commits":[`;
  for (const [i, { revision, committedAt, note, changes }] of entries.entries()) {
    const noted = note === undefined ? '' : `"note":${jsonText(note)},`;
    yield `${i > 0 ? ',' : ''}{"revision":${revision},"committedAt":${committedAt},${noted}"changes":[`;
    for (const [k, change] of changes.entries()) yield `${k > 0 ? ',' : ''}${describe(change)}`;
    yield ']}';
  }
  yield ']}\n';
  for (const { changes } of entries) for (const change of changes) if (change.op === 'put') yield change.text;
}

function beginningOf({ revision, committedAt }: LogBase): string {
  return jsonText({ format: FORMAT, version: VERSION, base: { revision, committedAt } }).slice(0, -1);
}

function describe(change: EncodedChange): string {
  if (change.op !== 'put') return jsonText(change);
  const { op, kind, key, columns, encoding, text, digest } = change;
  return jsonText({ op, kind, key, columns, encoding, digest, length: text.length });
}
