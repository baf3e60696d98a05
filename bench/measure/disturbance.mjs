import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * What everybody else notices while `work` is done.
 *
 * @param {() => Promise<unknown>} work
 * @param {() => Promise<unknown>} read What another caller does meanwhile, in each turn of the event loop.
 * @returns {Promise<{ stall: number, read: number, whole: number }>} In milliseconds: the longest turn of the
 * event loop, the slowest read from when it could have begun, and how long the work took.
 */
export async function disturbance(work, read) {
  globalThis.gc?.();
  let isDone = false;
  // Each step begins where the one before it ended: nothing that happens is missed.
  const longestOf = async (step) => {
    let longest = 0;
    for (let start = performance.now(); !isDone; ) {
      await step();
      const end = performance.now();
      longest = Math.max(longest, end - start);
      start = end;
    }
    return longest;
  };
  const stalls = longestOf(nextTurn);
  const reads = longestOf(async () => {
    await nextTurn();
    await read();
  });
  await nextTurn();
  const start = performance.now();
  await work();
  const whole = performance.now() - start;
  isDone = true;
  return { stall: await stalls, read: await reads, whole };
}
