import type { Storage } from '@gati-framework/manifest-store';
import {
  type DecidedOptions,
  decideOptions,
  type OptionRules,
  optionRules,
} from '@gati-framework/manifest-store/backend';
import { readTimeout } from './schemes.js';
import { parseStorageUrl } from './storage-url.js';

export interface OpenStorageOptions {
  /** Open a store that exists, only to read it; `memory:` is then an empty one that can be written to. Default: false. */
  readOnly?: boolean;
  /**
   * How long a call goes on trying while the server of a store cannot be reached, in milliseconds. Default: as its
   * backend has it, 10,000. Files know no such time.
   */
  timeout?: number;
}

/**
 * The storage that a URL names: `sqljs:./gati.db` for a file that needs no
 * native build and is one process's at a time, `sqlite:./gati.db` for one that
 * processes share (through better-sqlite3, or the SQLite of Node.js where that
 * is not installed or does not run), `postgres://...` for a server that instances
 * share, `etcd://...` for a cluster without a primary, `memory:`. Like every storage, it opens on first use, and its owner closes it.
 * A backend is loaded only when a URL names it.
 *
 * @example
 * import { openStorage } from '@gati-framework/storage-tools';
 *
 * await using storage = await openStorage('sqljs:./gati.db');
 *
 * @throws StorageError `INVALID_OPTIONS` when the URL names no store, with the forms that there are, and
 *   `STORAGE_DRIVER_MISSING` when a backend is not installed, with what installs it. None repeats a password.
 */
export async function openStorage(url: string, options: OpenStorageOptions = {}): Promise<Storage> {
  const decided = decideOptions<DecidedOpening>(options, RULES);
  const { scheme, rest } = parseStorageUrl(url);
  return scheme.open(rest, decided);
}

interface DecidedOpening extends DecidedOptions<OpenStorageOptions, 'timeout'> {}

const RULES: OptionRules<DecidedOpening> = { readOnly: optionRules.flag(false), timeout: readTimeout };
