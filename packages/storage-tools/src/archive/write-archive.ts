import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Entry } from '@gati-framework/manifest-store';
import { ARCHIVE_FORMAT, ARCHIVE_VERSION, checksumOf } from './archive-format.js';
import { recordContent } from './record-content.js';

export interface ArchiveSummary {
  /** How many records the archive holds. */
  readonly records: number;
  /** SHA-256 of all that comes before the closing line, in hex: equal for equal content. */
  readonly sha256: string;
}

/** Long enough that writing is not done a record at a time. */
const CHUNK_LENGTH = 64 * 1024;

/**
 * The bytes of an archive of these entries, in chunks, while they are read: memory
 * does not grow with them. Ends with what the closing line says.
 *
 * @param entries As `storage.entries()` gives them: of one moment.
 */
export async function* writeArchive(
  entries: AsyncIterable<Pick<Entry, 'kind' | 'value'>>,
): AsyncGenerator<Buffer, ArchiveSummary, undefined> {
  const hash = createHash('sha256');
  let pending = `${JSON.stringify({ format: ARCHIVE_FORMAT, version: ARCHIVE_VERSION })}\n`;
  let records = 0;
  const takePending = (): Buffer => {
    const chunk = Buffer.from(pending);
    hash.update(chunk);
    pending = '';
    return chunk;
  };
  for await (const entry of entries) {
    records += 1;
    pending += recordLine(records, entry);
    if (pending.length >= CHUNK_LENGTH) yield takePending();
  }
  if (pending !== '') yield takePending();
  const summary = { records, sha256: hash.digest('hex') };
  yield Buffer.from(`${JSON.stringify(summary)}\n`);
  return summary;
}

function recordLine(n: number, entry: Pick<Entry, 'kind' | 'value'>): string {
  const line = `{"n":${n},"kind":"${entry.kind}",${recordContent(entry)}`;
  return `${line}${checksumOf(crc32(line))}\n`;
}
