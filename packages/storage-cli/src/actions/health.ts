import { StorageError, type StorageHealth } from '@gati-framework/manifest-store';
import { inTime, type Patience } from '../in-time.js';
import { tellOfWaiting } from '../tell-of-waiting.js';
import { type OpeningTerminal, silent, type Terminal } from '../terminal.js';
import { describeError } from '../text/format-error.js';
import { figurePairs } from '../text/format-figures.js';
import { formatPairs } from '../text/format-pairs.js';
import { asJson } from '../text/json.js';
import { asUsage } from '../usage-error.js';
import { assertExists, withStorage } from './with-storage.js';

export interface HealthCommandOptions {
  readonly store: string;
  /** How long the answer may take, in milliseconds. */
  readonly timeout: number;
  readonly json?: boolean;
}

/** Prints whether a store answers, and tells it. */
export async function healthCommand(
  terminal: Terminal,
  { store, timeout, json = false }: HealthCommandOptions,
): Promise<boolean> {
  await asUsage(() => assertExists(store));
  const { status, revision, latency, error, ...figures } = await tellOfWaiting(
    terminal,
    { store, timeout },
    () => healthOf({ store, timeout }, silent(terminal)),
  );
  // The storage was closed because of it.
  terminal.signal.throwIfAborted();
  const reason = error === undefined ? undefined : describeError(error);
  if (json) terminal.out(asJson({ status, revision, latency, ...figures, error: reason }));
  else
    terminal.out(
      formatPairs([
        ['status', status],
        ['revision', revision],
        ['latency', `${latency.toFixed(1)} ms`],
        ...figurePairs(error === undefined ? figures : { ...figures, lastError: undefined }),
        ['error', reason && `${reason.code}: ${reason.message}`],
      ]),
    );
  return status === 'ok';
}

/** Opened first, so that why it cannot be is told, and the latency is that of a question. */
async function healthOf(patience: Patience, terminal: OpeningTerminal): Promise<StorageHealth> {
  const begun = performance.now();
  try {
    return await inTime(patience, (timeout) =>
      withStorage(patience.store, { readOnly: true, timeout }, terminal, (storage) => storage.health()),
    );
  } catch (error) {
    if (!(error instanceof StorageError) || !isOfStore(error)) throw error;
    return { status: 'failed', latency: performance.now() - begun, error };
  }
}

/** What was typed is wrong otherwise, or what is needed to ask is not there. */
function isOfStore({ code }: StorageError): boolean {
  return code !== 'INVALID_OPTIONS' && code !== 'STORAGE_DRIVER_MISSING';
}
