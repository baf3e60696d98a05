/** Milliseconds that a command has to tidy up after it was interrupted: what waits for others may not come to an end. */
const GRACE = 500;

/**
 * What `work` comes to; but once `signal` is aborted it is waited for only so
 * long, as it may stand in a connection or at a lock that nobody gives up.
 */
export async function notLongAfter<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let onAbort = (): void => {};
  const given = new Promise<never>((_, reject) => {
    onAbort = () => {
      timer = setTimeout(reject, GRACE, signal.reason);
    };
  });
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([work, given]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}
