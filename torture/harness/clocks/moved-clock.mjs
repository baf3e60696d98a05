import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { compileShim } from '../shim.mjs';

/** The clock of the wall of some processes, which can be set while they run. */
export class MovedClock {
  #path;
  #library;

  /** @param {string} folder For what it needs. @param {string} name Of each in the folder. */
  constructor(folder, name) {
    this.#path = join(folder, `${name}.clock`);
    this.#library = compileShim(new URL('./moved-clock.c', import.meta.url), folder);
    writeFileSync(this.#path, bytesOf(0));
  }

  /** How a process is started that goes by it. */
  get env() {
    return { LD_PRELOAD: this.#library, MOVED_CLOCK: this.#path };
  }

  /** @param {number} seconds After what all others go by, or before. */
  set(seconds) {
    const file = openSync(this.#path, 'r+');
    writeSync(file, bytesOf(seconds), 0);
    closeSync(file);
  }
}

function bytesOf(seconds) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(seconds));
  return bytes;
}
