import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes of heap that are in use, after everything that can be collected has been. */
export async function usedHeap(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    collect();
    // What was held by a promise or a weak reference goes in a later turn.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return process.memoryUsage().heapUsed;
}
