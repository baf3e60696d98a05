import { report } from '../child/report.mjs';

/** Milliseconds in which a process does nothing else. */
const DELAY = 150;

/**
 * Something happens when the code comes to a named place for the n-th time.
 *
 * @param {{ hit: number, action: 'kill' | 'error' | 'delay' }} options
 */
export function interfere({ hit, action }) {
  let count = 0;
  globalThis.gatiFailpoint = (name) => {
    count += 1;
    if (count !== hit) return;
    report({ reached: name });
    if (action === 'kill') process.kill(process.pid, 'SIGKILL');
    if (action === 'error') throw Object.assign(new Error('EIO: injected'), { code: 'EIO' });
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, DELAY);
  };
}
