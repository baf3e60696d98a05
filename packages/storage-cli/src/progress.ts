import type { Storage } from '@gati-framework/manifest-store';
import { countRecords } from '@gati-framework/storage-tools';
import type { Terminal } from './terminal.js';
import { formatProgress } from './text/format-progress.js';

/** Milliseconds between two looks at a terminal, and before the first: what is done by then needs none. */
const REDRAWN_AFTER = 200;
/** Milliseconds between two lines of a log. */
const LOGGED_AFTER = 10_000;

/** How far long work has come, told on standard error. */
export interface Progress extends Disposable {
  /** @param done How much is done by now. Cheap enough to be called for each record. */
  readonly update: (done: number) => void;
  /** Writes a text in its place, on a terminal alone. */
  readonly say: (text: string) => void;
  /** Takes it off the terminal, so that something else can be written there. */
  clear(): void;
}

export interface ProgressOptions {
  /** What is counted, e.g. `records`. */
  readonly unit: string;
  /** How much there is to do; absent where nobody knows. */
  readonly total?: number | undefined;
  /** Say nothing. */
  readonly quiet?: boolean | undefined;
  /** Milliseconds, of a clock that only goes forward. Default: that of the process. */
  readonly now?: () => number;
}

/**
 * On a terminal one line that is written over, with the rate, the share and the
 * time left; in a log a line every ten seconds. Work that ends before that shows nothing.
 */
export function showProgress(terminal: Terminal, options: ProgressOptions): Progress {
  const { quiet = false, now = () => performance.now() } = options;
  const { errorColumns } = terminal;
  const pause = errorColumns === undefined ? LOGGED_AFTER : REDRAWN_AFTER;
  const begin = now();
  let shown = begin;
  let isDrawn = false;
  const clear = (): void => {
    if (isDrawn) terminal.status('\r\u001b[K');
    isDrawn = false;
  };
  const say = (text: string): void => {
    if (quiet || errorColumns === undefined) return;
    // A line that fills the last column may go on in the next one, where it could not be taken off again.
    terminal.status(`\r${text.slice(0, errorColumns - 1)}\u001b[K`);
    isDrawn = true;
  };
  const update = (done: number): void => {
    const time = now();
    if (quiet || time - shown < pause) return;
    shown = time;
    const text = formatProgress(options, done, time - begin);
    if (errorColumns === undefined) terminal.err(text);
    else say(text);
  };
  return { update, say, clear, [Symbol.dispose]: clear };
}

/** Of work that reads every record of a store. */
export async function showRecordsRead(
  terminal: Terminal,
  storage: Pick<Storage, 'stats'>,
  { quiet = false }: Pick<ProgressOptions, 'quiet'>,
): Promise<Progress> {
  const total = quiet ? undefined : countRecords(await storage.stats());
  return showProgress(terminal, { unit: 'records', total, quiet });
}
