import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Entry } from '@gati-framework/manifest-store';
import { ARCHIVE_FORMAT, ARCHIVE_VERSION, checksumOf } from './archive-format.js';
import { recordContent } from './record-content.js';
import type { ArchiveSummary } from './write-archive.js';

/** Long enough that writing is not done a record at a time. */
const CHUNK_LENGTH = 64 * 1024;

/** The text of an archive while its records come, and the digest of it. */
export class ArchiveText {
  readonly #hash = createHash('sha256');
  #pending = `${JSON.stringify({ format: ARCHIVE_FORMAT, version: ARCHIVE_VERSION })}\n`;
  #records = 0;

  add(entry: Pick<Entry, 'kind' | 'value'>, text?: string): void {
    this.#records += 1;
    this.#pending += recordLine(this.#records, entry, text);
  }

  /** Whether there is enough to be taken. */
  get isFull(): boolean {
    return this.#pending.length >= CHUNK_LENGTH;
  }

  /** What was added since it was last asked. */
  take(): Buffer {
    const chunk = Buffer.from(this.#pending);
    this.#hash.update(chunk);
    this.#pending = '';
    return chunk;
  }

  /** What the closing line says, once everything was taken. */
  close(): ArchiveSummary {
    return { records: this.#records, sha256: this.#hash.digest('hex') };
  }
}

function recordLine(n: number, entry: Pick<Entry, 'kind' | 'value'>, text: string | undefined): string {
  const line = `{"n":${n},"kind":"${entry.kind}",${recordContent(entry, text)}`;
  return `${line}${checksumOf(crc32(line))}\n`;
}
