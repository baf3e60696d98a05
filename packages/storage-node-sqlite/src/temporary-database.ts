import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileError } from '@gati-framework/storage-sqlite/shared-file';

/** A database in a temporary file that only this user may read: Node.js 22 cannot open one from memory. */
export class TemporaryDatabase {
  readonly path: string;
  readonly #folder: string;

  /** @throws StorageError */
  constructor(content: Uint8Array) {
    try {
      this.#folder = mkdtempSync(join(tmpdir(), 'gati-read-'));
    } catch (error) {
      throw fileError(error, tmpdir());
    }
    this.path = join(this.#folder, 'copy.db');
    try {
      writeFileSync(this.path, content, { mode: 0o600 });
    } catch (error) {
      this.remove();
      throw fileError(error, this.path);
    }
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
