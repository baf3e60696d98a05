import { StorageError } from '@gati-framework/manifest-store';
import { shownUrl, storageFile } from '@gati-framework/storage-tools';
import { formatDuration } from './text/format-progress.js';

/** Of the time that there is, so much is for reaching the server: then it can still be said why that was not possible. */
const TO_REACH = 0.8;
/** And so much for the answer: the rest is for ending what was begun. */
const TO_ANSWER = 0.9;

export interface Patience {
  readonly store: string;
  /** How long the answer may take, in milliseconds. */
  readonly timeout: number;
}

/**
 * What comes of asking a store, or an error that says what was tried. What takes longer is left to itself.
 *
 * @param ask Is given how long it may try to reach a server, in milliseconds.
 */
export async function inTime<T>(
  { store, timeout }: Patience,
  ask: (timeout: number) => Promise<T>,
): Promise<T> {
  const begun = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(reject, timeout * TO_ANSWER, unanswered());
  });
  try {
    return await Promise.race([ask(Math.ceil(timeout * TO_REACH)), late]);
  } catch (error) {
    throw sayingWhatWasTried(error, store, performance.now() - begun);
  } finally {
    clearTimeout(timer);
  }
}

function unanswered(): StorageError {
  return new StorageError('STORAGE_UNAVAILABLE', 'The store has not answered. Is its server alive?');
}

function sayingWhatWasTried(error: unknown, store: string, milliseconds: number): unknown {
  if (!(error instanceof StorageError) || error.code !== 'STORAGE_UNAVAILABLE') return error;
  if (storageFile(store) !== undefined) return error;
  const tried = `Tried for ${formatDuration(milliseconds / 1000)}: ${shownUrl(store)}; --timeout says for how long.`;
  return new StorageError(error.code, `${error.message} ${tried}`, { cause: error, details: error.details });
}
