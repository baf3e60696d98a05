import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';

/**
 * What clients were told, in a file that is synced before anything is concluded from it: so that it can be read after
 * a violation, whatever became of the process that found it.
 */
export class Acknowledgements {
  #descriptor;

  constructor(path) {
    this.path = path;
    this.#descriptor = openSync(path, 'a');
  }

  /** @param {string} text Whole lines. */
  keep(text) {
    writeSync(this.#descriptor, text);
    fdatasyncSync(this.#descriptor);
  }

  close() {
    closeSync(this.#descriptor);
  }
}
