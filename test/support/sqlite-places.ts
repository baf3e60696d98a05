import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordKey } from '@gati-framework/manifest-store';
import type { FileBackend } from '../shared-file/support/file-backend.js';

/** Files for the conformance suite: each place a folder of its own, so that it can be moved and taken away. */
export class SqlitePlaces {
  readonly #folder = mkdtempSync(join(tmpdir(), 'gati-conformance-'));
  /** Folders of the places that were moved. */
  readonly #moved = new Map<string, string>();
  readonly #connect: FileBackend['connect'];
  #moves = 0;

  /** @param connect Opens a file behind the back of what is tested. */
  constructor(connect: FileBackend['connect']) {
    this.#connect = connect;
  }

  /** The file of a place, in a folder that is there. */
  filename(place: string): string {
    const folder = this.#folderOf(place);
    mkdirSync(folder, { recursive: true });
    return join(folder, 'store.db');
  }

  /** Moves a place, so that nothing but its files says what is in it; yields its file. */
  move(place: string): string {
    this.#moves += 1;
    const folder = join(this.#folder, `${place}-moved-${this.#moves}`);
    renameSync(this.#folderOf(place), folder);
    this.#moved.set(place, folder);
    return this.filename(place);
  }

  /** Changes a record and leaves its digest as it was. */
  damage(place: string, { kind, key }: RecordKey): void {
    const database = this.#connect(this.filename(place));
    try {
      const changed = database.rows(
        `UPDATE changes SET value = json_set(value, '$.spoilt', 1) WHERE kind = ? AND key = ? RETURNING id`,
        kind,
        JSON.stringify(Object.values(key)),
      );
      if (changed.length === 0)
        throw new Error(`there is no ${kind} ${Object.values(key).join(' ')} to damage`);
    } finally {
      database.close();
    }
  }

  /** Takes the folder of a place away, and leaves a file there, until the returned function is called. */
  block(place: string): () => void {
    const folder = this.#folderOf(place);
    renameSync(folder, `${folder}-away`);
    writeFileSync(folder, ''); // a folder that is only missing would be made
    return () => {
      rmSync(folder);
      renameSync(`${folder}-away`, folder);
    };
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #folderOf(place: string): string {
    return this.#moved.get(place) ?? join(this.#folder, place);
  }
}
