import type { Terminal } from './terminal.js';

/** Milliseconds. */
const LONG = 1_000;

/** What `work` comes to; says on the terminal of standard error why nothing happens, if it takes its time. */
export async function tellOfWaiting<T>(
  { errorColumns, err }: Pick<Terminal, 'errorColumns' | 'err'>,
  isQuiet: boolean,
  work: () => Promise<T>,
): Promise<T> {
  if (isQuiet || errorColumns === undefined) return await work();
  const timer = setTimeout(
    () =>
      err(
        'The store has not answered yet. It is tried again for about ten seconds, as a server that restarts is back by then.',
      ),
    LONG,
  );
  try {
    return await work();
  } finally {
    clearTimeout(timer);
  }
}
