const FIRST_DELAY = 20;
const LONGEST_DELAY = 1_000;

/** How long to wait before trying again, in milliseconds: longer each time, and never in step with others. */
export function retryDelay(failures: number): number {
  const limit = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** Math.min(failures, 10));
  return limit / 2 + (Math.random() * limit) / 2;
}
