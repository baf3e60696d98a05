import type { Terminal } from './terminal.js';
import { formatDuration } from './text/format-progress.js';

/** Milliseconds. */
const LONG = 1_000;

/**
 * What `work` comes to; says on the terminal of standard error why nothing happens, if it takes its time.
 *
 * @param timeout How long it may take, in milliseconds.
 */
export async function tellOfWaiting<T>(
  { errorColumns, err }: Pick<Terminal, 'errorColumns' | 'err'>,
  { timeout, quiet }: { readonly timeout: number; readonly quiet: boolean },
  work: () => Promise<T>,
): Promise<T> {
  if (quiet || errorColumns === undefined) return await work();
  const timer = setTimeout(
    () => err(`The store has not answered yet. It is waited for, ${formatDuration(timeout / 1000)} at most.`),
    LONG,
  );
  try {
    return await work();
  } finally {
    clearTimeout(timer);
  }
}
