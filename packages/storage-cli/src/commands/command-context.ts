import { Option } from 'commander';
import { DEFAULT_STORE, defaultStore } from '../default-store.js';
import type { Terminal } from '../terminal.js';

/** What every command is given. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** The exit code, where it is not that of success. */
  exitWith(code: number): void;
}

export function storeOption({ terminal }: CommandContext): Option {
  return new Option('--store <url>', 'the store').default(
    defaultStore(terminal),
    `GATI_STORAGE, else ${DEFAULT_STORE}`,
  );
}
