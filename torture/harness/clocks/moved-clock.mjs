import { spawnSync } from 'node:child_process';
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { compileShim } from '../shim.mjs';

/** In seconds. */
const HOUR = 3_600;

/** The clock of the wall of some processes, which can be set while they run. */
export class MovedClock {
  #path;
  #library;

  /** @param {string} folder For what it needs. */
  constructor(folder) {
    this.#path = join(folder, 'clock');
    this.#library = compileShim(new URL('./moved-clock.c', import.meta.url), folder);
    writeFileSync(this.#path, bytesOf(0));
  }

  /** How a process is started that goes by it. */
  get env() {
    return { LD_PRELOAD: this.#library, MOVED_CLOCK: this.#path };
  }

  /** Throws where a program would go by another clock all the same. @param {string} node */
  assertMoves(node) {
    this.set(HOUR);
    const env = { ...process.env, ...this.env };
    const { stdout } = spawnSync(node, ['--print', 'Date.now()'], { env, encoding: 'utf8' });
    this.set(0);
    if (!(Number(stdout) - Date.now() > (HOUR * 1_000) / 2)) throw new Error(`No clock is moved for ${node}`);
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
