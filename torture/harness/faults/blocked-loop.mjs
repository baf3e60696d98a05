import { existsSync } from 'node:fs';
import { report } from '../child/report.mjs';

/** What the parent sends a process whose event loop is to be blocked. */
export const BLOCK = 'SIGUSR2';
/** Milliseconds between two looks. */
const EVERY = 20;

/** On a signal nothing is done but to wait, for as long as a file is there. @param {{ flag: string }} options */
export function interfere({ flag }) {
  process.on(BLOCK, () => {
    report({ reached: 'the event loop is blocked' });
    blockWhileThere(flag);
  });
}

/** @param {string} flag A path. */
export function blockWhileThere(flag) {
  const nobody = new Int32Array(new SharedArrayBuffer(4));
  while (existsSync(flag)) Atomics.wait(nobody, 0, 0, EVERY);
}
