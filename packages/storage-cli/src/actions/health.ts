import { tellOfWaiting } from '../tell-of-waiting.js';
import type { Terminal } from '../terminal.js';
import { describeError } from '../text/format-error.js';
import { figurePairs } from '../text/format-figures.js';
import { formatPairs } from '../text/format-pairs.js';
import { asJson } from '../text/json.js';
import { withStorage } from './with-storage.js';

export interface HealthCommandOptions {
  readonly store: string;
  readonly json?: boolean;
}

/** Prints whether a store answers, and tells it. */
export async function healthCommand(
  terminal: Terminal,
  { store, json }: HealthCommandOptions,
): Promise<boolean> {
  return await withStorage(store, { readOnly: true }, terminal.signal, async (storage) => {
    const { status, revision, latency, error, ...figures } = await tellOfWaiting(
      terminal,
      json === true,
      () => storage.health(),
    );
    // The storage was closed because of it.
    terminal.signal.throwIfAborted();
    const reason = error === undefined ? undefined : describeError(error);
    if (json === true) terminal.out(asJson({ status, revision, latency, ...figures, error: reason }));
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
  });
}
