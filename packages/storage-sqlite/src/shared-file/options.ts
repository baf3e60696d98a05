import type { HistoryOptions, StorageLogger } from '@gati-framework/manifest-store';
import {
  type DecidedOptions,
  decideOptions,
  guardInput,
  HISTORY_LIMIT,
  invalidOption,
  type OptionRules,
  optionRules,
} from '@gati-framework/manifest-store/backend';
import { type CommonOptions, commonRules } from '@gati-framework/storage-kit';
import { absolutePath } from '../files/locate-file.js';
import type { FileConnection } from './file-driver.js';

/** Options beside the one that says where the store is. */
export interface TuningOptions {
  /**
   * What a resolved write survives. `machine-crash` (default): a power failure
   * too; each group of writes waits for the disk. `process-crash`: a crash of
   * the process only; the last writes before a power failure can be lost,
   * though never half of one.
   */
  durability?: 'machine-crash' | 'process-crash';
  /** How long to wait for another writer before `STORAGE_LOCKED`, in milliseconds. Default: 10,000. */
  lockTimeout?: number;
  /** @deprecated The old name of `lockTimeout`. */
  busyTimeout?: number;
  /**
   * How long `entries()` waits for its consumer between two pages, and a commit from an iterator for its next changes, in
   * milliseconds. Default: 60,000.
   */
  scanIdleTimeout?: number;
  /** How much of the past the store keeps, at least. What is given is stored with it; default of a new store: 100,000 changes. */
  history?: HistoryOptions;
  /** @deprecated The old form of `history: { changes }`. */
  historyLimit?: number;
  /** Largest record, in bytes of its JSON text. Default: 16 MiB. */
  maxRecordBytes?: number;
  /** Bound for the read cache, in bytes of heap, about. Default: 64 MiB. */
  cacheSize?: number;
  /** How often a watched storage looks for commits of other processes, in milliseconds. Default: 20. */
  watchInterval?: number;
  /**
   * Who is told of what goes wrong beside the calls and mends itself: a logger like the one of `pino()`, or
   * `console`. Default: a line on the console.
   */
  log?: StorageLogger;
}

export interface FileOptions extends TuningOptions {
  /** Path of the database file, created when missing; `:memory:` keeps it in memory. */
  filename: string;
  /** Only read; the file must hold a store already. */
  readOnly?: boolean;
  database?: never;
}

/** What is known of a connection that the caller lends. */
export interface LentConnection {
  readonly connection: FileConnection;
  /** Absolute; of a database in memory as errors name it. */
  readonly filename: string;
  readonly isFile: boolean;
  readonly readOnly: boolean;
}

/** Options with nothing left to decide. */
export interface ResolvedFileOptions
  extends DecidedOptions<Omit<TuningOptions, 'busyTimeout' | 'history' | 'historyLimit'>>,
    CommonOptions {
  readonly filename: string;
  /** Whether that is a file, and not a database in memory. */
  readonly isFile: boolean;
  readonly lent: FileConnection | undefined;
  readonly readOnly: boolean;
}

type DecidedFileOptions = Omit<ResolvedFileOptions, 'filename' | 'isFile' | 'lent'> & {
  readonly filename: unknown;
  readonly database: unknown;
};

const RULES: OptionRules<DecidedFileOptions> = {
  ...commonRules('gati-storage'),
  filename: optionRules.unchecked(),
  database: optionRules.unchecked(),
  readOnly: optionRules.flag(false),
  durability: optionRules.oneOf('machine-crash', 'process-crash'),
  lockTimeout: optionRules.time(10_000),
  watchInterval: optionRules.count(20),
};

const OLD_FORMS = { busyTimeout: 'lockTimeout', historyLimit: HISTORY_LIMIT } as const;

/**
 * @param given What the user of a backend gave: `TuningOptions` with a `filename`, or with a `database`.
 * @param lend Looks at the connection that was given as `database`, of whatever type it is. Throws where it is none of the driver's.
 * @throws `INVALID_OPTIONS`
 */
export function resolveFileOptions(
  given: object,
  lend: (database: unknown, readOnly: boolean) => LentConnection,
): ResolvedFileOptions {
  return guardInput('options', 'INVALID_OPTIONS', () => {
    const { filename, database, ...options } = decideOptions(given, RULES, OLD_FORMS);
    if ((filename === undefined) === (database === undefined)) {
      throw invalidOption('options.filename', 'or options.database must be given, and not both');
    }
    if (database === undefined) {
      const path = resolveFilename(filename);
      return { ...options, filename: path, isFile: path !== ':memory:', lent: undefined };
    }
    const { connection, ...known } = lend(database, options.readOnly);
    return { ...options, ...known, lent: connection };
  });
}

/** Absolute, so that a later change of the working directory changes nothing. */
function resolveFilename(filename: unknown): string {
  if (filename === ':memory:') return filename;
  if (typeof filename !== 'string' || filename.trim() === '' || /\0|^\s*file:/.test(filename)) {
    throw invalidOption('options.filename', 'must be the path of a file, or :memory:');
  }
  return absolutePath(filename.trim());
}
