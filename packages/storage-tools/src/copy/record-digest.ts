import { hash } from 'node:crypto';
import { ArchiveText } from '../archive/archive-text.js';
import { type ArchivableRecord, recordContent } from '../archive/record-content.js';
import type { ArchiveSummary } from '../archive/write-archive.js';

/** Equal for equal records. */
export interface RecordDigest {
  add(record: ArchivableRecord): void;
  /** Called once. */
  close(): ArchiveSummary;
}

/** Of records in their order: that of an archive of them. */
export class OrderedDigest implements RecordDigest {
  readonly #text = new ArchiveText();

  add(record: ArchivableRecord): void {
    this.#text.add(record);
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

  add(record: ArchivableRecord): void {
    this.#records += 1;
    const digest = hash('sha256', `${record.kind},${recordContent(record)}`, 'buffer');
    for (let i = 0; i < DIGEST_BYTES; i++)
      this.#sum.writeUInt8(this.#sum.readUInt8(i) ^ digest.readUInt8(i), i);
  }

  close(): ArchiveSummary {
    return { records: this.#records, sha256: this.#sum.toString('hex') };
  }
}
