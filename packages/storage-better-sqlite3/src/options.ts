import type { StorageLogger } from '@gati-framework/manifest-store';
import {
  type DecidedOptions,
  decideOptions,
  guardInput,
  invalidOption,
  type OptionRules,
  optionRules,
} from '@gati-framework/manifest-store/backend';
import { commonRules } from '@gati-framework/storage-kit';
import { absolutePath } from '@gati-framework/storage-sqlite/files';
import type Database from 'better-sqlite3';

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
  /** How long `entries()` waits for its consumer between two pages, in milliseconds. Default: 60,000. */
  scanIdleTimeout?: number;
  /** How many changes `watch` can replay. Default: 100,000. */
  historyLimit?: number;
  /** Largest record, in bytes of its JSON text. Default: 16 MiB. */
  maxRecordBytes?: number;
  /** Bound for the read cache, in bytes of heap, about. Default: 64 MiB. */
  cacheSize?: number;
  /** How often a watched storage looks for commits of other processes, in milliseconds. Default: 50. */
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

export interface DatabaseOptions extends TuningOptions {
  /**
   * An open better-sqlite3 connection that holds nothing but this store. It
   * stays yours: `close()` leaves it open. Its `synchronous` setting is set
   * according to `durability`.
   */
  database: Database.Database;
  filename?: never;
  readOnly?: never;
}

export type BetterSqlite3StorageOptions = FileOptions | DatabaseOptions;

/** Options with nothing left to decide. */
export interface ResolvedOptions extends DecidedOptions<Omit<TuningOptions, 'busyTimeout'>> {
  readonly filename: string;
  readonly database: Database.Database | undefined;
  readonly readOnly: boolean;
}

const RULES: OptionRules<Omit<ResolvedOptions, 'filename'> & { readonly filename: unknown }> = {
  ...commonRules('gati-storage'),
  filename: optionRules.unchecked(),
  database: optionRules.unchecked(),
  readOnly: optionRules.flag(false),
  durability: optionRules.oneOf('machine-crash', 'process-crash'),
  lockTimeout: optionRules.time(10_000),
  watchInterval: optionRules.count(50),
};

export function resolveOptions(given: BetterSqlite3StorageOptions): ResolvedOptions {
  return guardInput('options', 'INVALID_OPTIONS', () => {
    const options = decideOptions(given, RULES, { busyTimeout: 'lockTimeout' });
    const { filename, database } = options;
    if ((filename === undefined) === (database === undefined)) {
      throw invalidOption('options.filename', 'or options.database must be given, and not both');
    }
    if (database === undefined) return { ...options, filename: resolveFilename(filename) };
    if (typeof database.prepare !== 'function') {
      throw invalidOption('options.database', 'must be a better-sqlite3 connection');
    }
    return { ...options, filename: fileOf(database), readOnly: database.readonly };
  });
}

/** As SQLite knows it: absolute, whatever name it was opened with. */
function fileOf(database: Database.Database): string {
  if (database.memory || !database.open) return database.name;
  const [, , file] = database.prepare('PRAGMA database_list').raw().get() as [unknown, unknown, string];
  return file;
}

/** Absolute, so that a later change of the working directory changes nothing. */
function resolveFilename(filename: unknown): string {
  if (filename === ':memory:') return filename;
  if (typeof filename !== 'string' || filename.trim() === '' || /\0|^\s*file:/.test(filename)) {
    throw invalidOption('options.filename', 'must be the path of a file, or :memory:');
  }
  return absolutePath(filename.trim());
}
