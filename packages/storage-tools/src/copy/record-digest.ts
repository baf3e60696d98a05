import { hash } from 'node:crypto';
import type { Entry } from '@gati-framework/manifest-store';
import { ArchiveText } from '../archive/archive-text.js';
import { recordContent } from '../archive/record-content.js';
import type { ArchiveSummary } from '../archive/write-archive.js';

/** Equal for equal records. */
export interface RecordDigest {
  /** @param text The JSON text of its value, where somebody has made it already. */
  add(record: Pick<Entry, 'kind' | 'value'>, text?: string): void;
  /** Called once. */
  close(): ArchiveSummary;
}

/** Of records in their order: that of an archive of them. */
export class OrderedDigest implements RecordDigest {
  readonly #text = new ArchiveText();

  add(record: Pick<Entry, 'kind' | 'value'>, text?: string): void {
    this.#text.add(record, text);
    if (this.#text.isFull) this.#text.take();
  }

  close(): ArchiveSummary {
    this.#text.take();
    return this.#text.close();
  }
}

const DIGEST_BYTES = 32;

/** Of records that are each there once, in whichever order. */
export class UnorderedDigest implements RecordDigest {
  readonly #sum = Buffer.alloc(DIGEST_BYTES);
  #records = 0;

  add(record: Pick<Entry, 'kind' | 'value'>, text?: string): void {
    this.#records += 1;
    const digest = hash('sha256', `${record.kind},${recordContent(record, text)}`, 'buffer');
    for (let i = 0; i < DIGEST_BYTES; i++)
      this.#sum.writeUInt8(this.#sum.readUInt8(i) ^ digest.readUInt8(i), i);
  }

  close(): ArchiveSummary {
    return { records: this.#records, sha256: this.#sum.toString('hex') };
  }
}
