import {
  type BigIntStats,
  closeSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  type Stats,
  writeSync,
  write as writeWithCallback,
} from 'node:fs';
import { promisify } from 'node:util';
import type { MaybePromise } from '@gati-framework/storage-kit';
import { keepRights, sizedIdentity } from '@gati-framework/storage-sqlite/files';

/** More is written without blocking, so many at a time. */
const MANY_BYTES = 1024 * 1024;

const write = promisify(writeWithCallback);
const sync = promisify(fdatasync);

/** Bytes of zeros that are put behind the log at a time. */
const ROOM = 256 * 1024;

/** The log of a store, opened to add to it. */
export class LogFile {
  readonly #descriptor: number;
  /** As the system told last; what was appended since is not in its size. */
  #stat: BigIntStats | undefined;
  /** Bytes of the file, with the room behind what is written. */
  #size = 0;
  /** Whether a write that failed, perhaps in a process that was killed, may have left something at the end. */
  #isDirty = true;

  /** @param isNew Whether there must be none yet, or must be one. */
  constructor(path: string, isNew: boolean) {
    this.#descriptor = openSync(path, isNew ? 'wx' : 'r+');
  }

  /** Adds bytes durably, or fails and leaves the log as it was; many bytes without blocking. */
  append(bytes: Uint8Array, offset: number): MaybePromise<void> {
    if (bytes.length >= MANY_BYTES) return this.#appendMany(bytes, offset);
    if (this.#isDirty) this.#cut(offset);
    if (offset + bytes.length > this.#size) this.#makeRoom(offset, bytes.length);
    this.#isDirty = true;
    try {
      this.#write(bytes, offset);
      fdatasyncSync(this.#descriptor);
    } catch (error) {
      this.#tryToCut(offset);
      throw error;
    }
    this.#size = Math.max(this.#size, offset + bytes.length);
    this.#isDirty = false;
  }

  async #appendMany(bytes: Uint8Array, offset: number): Promise<void> {
    if (this.#isDirty) this.#cut(offset);
    this.#isDirty = true;
    try {
      for (let written = 0; written < bytes.length; ) {
        const end = Math.min(written + MANY_BYTES, bytes.length);
        const { bytesWritten } = await write(
          this.#descriptor,
          bytes,
          written,
          end - written,
          offset + written,
        );
        written += bytesWritten;
      }
      await sync(this.#descriptor);
    } catch (error) {
      this.#tryToCut(offset);
      throw error;
    }
    this.#size = Math.max(this.#size, offset + bytes.length);
    this.#isDirty = false;
  }

  /** Which file it is, and its size, as the system tells. */
  askForState(): string {
    this.#stat = fstatSync(this.#descriptor, { bigint: true });
    return sizedIdentity(this.#stat);
  }

  /** The same after an append, without asking: what is safe must not be refused because a question failed. */
  get state(): string {
    if (this.#stat === undefined) return this.askForState();
    const { dev, ino } = this.#stat;
    return sizedIdentity({ dev, ino, size: BigInt(this.#size) });
  }

  /** Who may read the store may read its log, and nobody else. */
  keepRights(of: Stats, filename: string): void {
    keepRights(this.#descriptor, of, filename, true);
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  /** A file that keeps its size is synced faster: the disk has only the data to write, and not where it ends. */
  #makeRoom(offset: number, length: number): void {
    const size = offset + length + ROOM;
    try {
      this.#write(new Uint8Array(size - offset), offset);
      this.#size = size;
    } catch {
      this.#cut(offset); // without room, what is to be written may still fit
    }
  }

  #tryToCut(length: number): void {
    try {
      this.#cut(length);
    } catch {
      // The next append tries again, before it writes anything.
    }
  }

  #cut(length: number): void {
    ftruncateSync(this.#descriptor, length);
    fsyncSync(this.#descriptor);
    this.#size = length;
    this.#isDirty = false;
  }

  #write(bytes: Uint8Array, offset: number): void {
    for (let written = 0; written < bytes.length; ) {
      written += writeSync(this.#descriptor, bytes, written, bytes.length - written, offset + written);
    }
  }
}
