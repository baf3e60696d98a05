import type { LogEntry, StorageEvent } from '@gati-framework/manifest-store';
import { InterruptedError } from '../interrupted-error.js';
import type { Terminal } from '../terminal.js';
import { formatError } from '../text/format-error.js';
import { UsageError } from '../usage-error.js';
import { printCommits } from './print-commits.js';
import { withStorage } from './with-storage.js';

export interface WatchCommandOptions {
  readonly store: string;
  readonly after?: number;
  readonly json?: boolean;
}

/** Most changes of a commit that are told, as in a log. */
const MOST_LISTED_CHANGES = 1_000;
/** A timer that keeps the process there, as no storage does. */
const LONG = 2 ** 30;

/** Prints every commit as it is made, until the signal ends it. */
export async function watchCommand(
  terminal: Terminal,
  { store, after, json = false }: WatchCommandOptions,
): Promise<void> {
  const { signal } = terminal;
  const alive = setInterval(() => {}, LONG);
  try {
    await withStorage(store, { readOnly: true }, terminal, async (storage) => {
      if (!storage.capabilities.multiProcess) throw notShared();
      const events = storage.watch({
        ...(after !== undefined && { after }),
        signal,
        onUnreadable: (error) => terminal.err(formatError(error, json)),
      });
      let last = after;
      const onEach = ({ revision }: StorageEvent): void => {
        last = revision;
      };
      await printCommits(terminal, logged(events, onEach), json);
      // Nothing else ends a watch without an error.
      if (signal.aborted) throw interruptedAfter(last);
    });
  } finally {
    clearInterval(alive);
  }
}

/** Nothing would ever be told of it. */
function notShared(): UsageError {
  return new UsageError(
    'This store shows what it held when it was opened, and nothing that others commit to it. Watch one that processes share: ' +
      'sqlite:, with which the application opens the file, too, postgres: or etcd:. What was committed before is told by gati-storage log.',
    { path: 'store' },
  );
}

function interruptedAfter(revision: number | undefined): InterruptedError {
  return new InterruptedError(
    revision === undefined ? 'interrupted' : `interrupted; --after ${revision} goes on from here`,
  );
}

async function* logged(
  events: AsyncIterable<StorageEvent>,
  onEach: (event: StorageEvent) => void,
): AsyncGenerator<LogEntry> {
  for await (const event of events) {
    const { changes, ...rest } = event;
    yield { ...rest, changeCount: changes.length, changes: changes.slice(0, MOST_LISTED_CHANGES) };
    onEach(event);
  }
}
