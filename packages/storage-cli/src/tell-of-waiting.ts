import { shownUrl, storageFile } from '@gati-framework/storage-tools';
import type { Terminal } from './terminal.js';
import { formatDuration } from './text/format-progress.js';

/** Milliseconds. */
const LONG = 1_000;

export interface Waiting {
  readonly store: string;
  /** How long it may take, in milliseconds. Default: as long as the backend tries. */
  readonly timeout?: number;
}

/** What `work` comes to; says on the terminal of standard error why nothing happens, if the store takes its time. */
export async function tellOfWaiting<T>(
  { errorColumns, err }: Pick<Terminal, 'errorColumns' | 'err'>,
  waiting: Waiting,
  work: () => Promise<T>,
): Promise<T> {
  if (errorColumns === undefined) return await work();
  const timer = setTimeout(() => err(textOf(waiting)), LONG);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
  }
}

function textOf({ store, timeout }: Waiting): string {
  const isFile = storageFile(store) !== undefined;
  const most = timeout === undefined ? '' : `, and is waited for ${formatDuration(timeout / 1000)} at most`;
  return `${shownUrl(store)} ${isFile ? 'is not open' : 'has not answered'} yet${most}; Ctrl-C ends it.`;
}
