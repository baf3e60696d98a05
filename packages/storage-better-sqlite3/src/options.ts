import { StorageError } from '@gati-framework/manifest-store';
import {
  DEFAULT_MAX_RECORD_BYTES,
  guardInput,
  readCount,
  readOptions,
} from '@gati-framework/manifest-store/backend';
import { absolutePath } from '@gati-framework/storage-sqlite/files';
import type Database from 'better-sqlite3';

interface CommonOptions {
  /**
   * What a resolved write survives. `machine-crash` (default): a power failure
   * too; each group of writes waits for the disk. `process-crash`: a crash of
   * the process only; the last writes before a power failure can be lost,
   * though never half of one.
   */
  durability?: 'machine-crash' | 'process-crash';
  /** How long to wait for another writer before `STORAGE_LOCKED`, in milliseconds. Default: 10,000. */
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
}

export interface FileOptions extends CommonOptions {
  /** Path of the database file, created when missing; `:memory:` keeps it in memory. */
  filename: string;
  /** Only read; the file must hold a store already. */
  readOnly?: boolean;
  database?: never;
}

export interface DatabaseOptions extends CommonOptions {
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
export interface ResolvedOptions {
  readonly filename: string;
  readonly database: Database.Database | undefined;
  readonly readOnly: boolean;
  readonly synchronous: 'FULL' | 'NORMAL';
  readonly busyTimeout: number;
  readonly scanIdleTimeout: number;
  readonly historyLimit: number;
  readonly maxRecordBytes: number;
  readonly cacheSize: number;
  readonly watchInterval: number;
}

/** Longer timers than this fire at once; nobody waits 24 days. */
const LONGEST_TIME = 2 ** 31 - 1;

const KNOWN = [
  'filename',
  'database',
  'readOnly',
  'durability',
  'busyTimeout',
  'scanIdleTimeout',
  'historyLimit',
  'maxRecordBytes',
  'cacheSize',
  'watchInterval',
];

export function resolveOptions(given: BetterSqlite3StorageOptions): ResolvedOptions {
  return guardInput('options', 'INVALID_OPTIONS', () => resolve(given));
}

function resolve(given: BetterSqlite3StorageOptions): ResolvedOptions {
  const options = readOptions(given, KNOWN);
  const { filename, database, readOnly = false, durability = 'machine-crash' } = options;
  if ((filename === undefined) === (database === undefined)) {
    throw invalid('options.filename', 'or options.database must be given, and not both');
  }
  if (database !== undefined && typeof database.prepare !== 'function') {
    throw invalid('options.database', 'must be a better-sqlite3 connection');
  }
  const location = database === undefined ? resolveFilename(filename) : fileOf(database);
  if (typeof readOnly !== 'boolean') throw invalid('options.readOnly', 'must be true or false');
  if (durability !== 'machine-crash' && durability !== 'process-crash') {
    throw invalid('options.durability', "must be 'machine-crash' or 'process-crash'");
  }
  const count = (name: keyof CommonOptions, fallback: number): number =>
    readCount(options[name], `options.${name}`, fallback);
  return {
    filename: location,
    database,
    readOnly: database === undefined ? readOnly : database.readonly,
    synchronous: durability === 'machine-crash' ? 'FULL' : 'NORMAL',
    busyTimeout: count('busyTimeout', 10_000),
    scanIdleTimeout: Math.min(count('scanIdleTimeout', 60_000), LONGEST_TIME),
    historyLimit: count('historyLimit', 100_000),
    maxRecordBytes: count('maxRecordBytes', DEFAULT_MAX_RECORD_BYTES),
    cacheSize: count('cacheSize', 64 * 1024 * 1024),
    watchInterval: count('watchInterval', 50),
  };
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
    throw invalid('options.filename', 'must be the path of a file, or :memory:');
  }
  return absolutePath(filename.trim());
}

function invalid(path: string, problem: string): StorageError {
  return new StorageError('INVALID_OPTIONS', `${path} ${problem}.`, { path });
}
