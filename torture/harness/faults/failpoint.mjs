import { report } from '../child/report.mjs';
import { blockWhileThere } from './blocked-loop.mjs';

/** Milliseconds in which a process does nothing else. */
const DELAY = 150;

/**
 * Something happens when the code comes to a named place for the n-th time.
 *
 * @param {{ hit: number, action: 'kill' | 'error' | 'delay' | 'hold', flag?: string }} options `hold`: as long as the file `flag` is there.
 */
export function interfere({ hit, action, flag }) {
  let count = 0;
  globalThis.gatiFailpoint = (name) => {
    count += 1;
    if (count !== hit) return;
    report({ reached: name });
    if (action === 'kill') process.kill(process.pid, 'SIGKILL');
    if (action === 'error') throw Object.assign(new Error('EIO: injected'), { code: 'EIO' });
    if (action === 'hold') return blockWhileThere(flag);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, DELAY);
  };
}
