import { StorageError } from '@gati-framework/manifest-store';
import {
  DEFAULT_MAX_RECORD_BYTES,
  guardInput,
  readCount,
  readOptions,
} from '@gati-framework/manifest-store/backend';
import { openFile } from '#platform';
import type { SqlJsPersistence } from './persistence.js';

/** A write that a crash cut short, found at the end of the log and left out: it was never acknowledged. */
export interface Recovery {
  /** Where it was found. */
  readonly location: string;
  /** At which byte of the log it begins. */
  readonly offset: number;
  /** How many bytes of it there are. */
  readonly bytes: number;
}

/** What the package sql.js exports. */
// biome-ignore lint/suspicious/noExplicitAny: its declared parameter differs between releases of its types
export type InitSqlJs = (config?: any) => Promise<LoadedSqlJs>;

/** What that resolves with. */
export interface LoadedSqlJs {
  readonly Database: new (data?: Uint8Array | null) => object;
}

/** Which sql.js to use. */
export type DriverOptions = Pick<SqlJsStorageOptions, 'locateFile' | 'wasmBinary' | 'wasmModule' | 'sqlJs'>;

export interface SqlJsStorageOptions {
  /**
   * Path of the database file, created when missing. Without it, and without
   * `persistence`, everything stays in memory.
   */
  filename?: string;
  /** Where to keep the store instead of in a file: a browser's storage, for example. */
  persistence?: SqlJsPersistence;
  /**
   * Whether each write is made durable before it resolves (default), or only
   * `save()` does so, and what was not saved is lost with the process.
   */
  autoSave?: boolean;
  /** Only read what is there now; possible while another process owns the file. */
  readOnly?: boolean;
  /** How long to wait for the present owner to close, in milliseconds. Default: 1,000. */
  lockTimeout?: number;
  /** How long `entries()` waits for its consumer between two pages, in milliseconds. Default: 60,000. */
  scanIdleTimeout?: number;
  /** How many changes `watch` can replay. Default: 100,000. */
  historyLimit?: number;
  /** Largest record, in bytes of its JSON text. Default: 16 MiB. */
  maxRecordBytes?: number;
  /** Bound for the read cache, in bytes of heap, about. Default: 64 MiB. */
  cacheSize?: number;
  /**
   * Where the `.wasm` file of sql.js is, given its name: a path, or in a browser
   * an address. A process loads sql.js once, so the first storage decides.
   */
  locateFile?: (name: string) => string;
  /** The content of that file, for where nothing can be fetched. */
  wasmBinary?: ArrayBuffer | Uint8Array;
  /**
   * That file, compiled (a `WebAssembly.Module`, which not every project has a type for): for runtimes
   * that compile nothing at run time, like Cloudflare Workers.
   */
  wasmModule?: object;
  /**
   * sql.js itself, where it cannot be imported by this package: the function
   * that the package sql.js exports, or what that function has loaded. Default:
   * the one that is installed, or the global `initSqlJs` of a script element.
   */
  sqlJs?: InitSqlJs | LoadedSqlJs;
  /** Hears of a write that a crash cut short. Default: a line on the console. */
  onRecovery?: (recovery: Recovery) => void;
}

/** Options with nothing left to decide. */
export interface ResolvedOptions {
  /** Absent for a store in memory. */
  readonly persistence: SqlJsPersistence | undefined;
  readonly location: string;
  readonly autoSave: boolean;
  readonly readOnly: boolean;
  readonly busyTimeout: number;
  readonly scanIdleTimeout: number;
  readonly historyLimit: number;
  readonly maxRecordBytes: number;
  readonly cacheSize: number;
  readonly driver: DriverOptions;
  readonly onRecovery: (recovery: Recovery) => void;
}

/** Longer timers than this fire at once; nobody waits 24 days. */
const LONGEST_TIME = 2 ** 31 - 1;

const KNOWN = [
  'filename',
  'persistence',
  'autoSave',
  'readOnly',
  'lockTimeout',
  'scanIdleTimeout',
  'historyLimit',
  'maxRecordBytes',
  'cacheSize',
  'locateFile',
  'wasmBinary',
  'wasmModule',
  'sqlJs',
  'onRecovery',
];

export function resolveOptions(given: SqlJsStorageOptions): ResolvedOptions {
  return guardInput('options', 'INVALID_OPTIONS', () => resolve(given));
}

function resolve(given: SqlJsStorageOptions): ResolvedOptions {
  const options = readOptions(given, KNOWN);
  const { autoSave = true, readOnly = false, onRecovery = warn } = options;
  assertBoolean(autoSave, 'options.autoSave');
  assertBoolean(readOnly, 'options.readOnly');
  assertFunction(onRecovery, 'options.onRecovery');
  assertDriverOptions(options);
  const persistence = resolvePersistence(options, readOnly);
  const count = (
    name: 'lockTimeout' | 'scanIdleTimeout' | 'historyLimit' | 'maxRecordBytes' | 'cacheSize',
    fallback: number,
  ): number => readCount(options[name], `options.${name}`, fallback);
  return {
    persistence,
    location: persistence === undefined ? ':memory:' : (persistence.location ?? 'persistence'),
    autoSave,
    readOnly,
    busyTimeout: count('lockTimeout', 1_000),
    scanIdleTimeout: Math.min(count('scanIdleTimeout', 60_000), LONGEST_TIME),
    historyLimit: count('historyLimit', 100_000),
    maxRecordBytes: count('maxRecordBytes', DEFAULT_MAX_RECORD_BYTES),
    cacheSize: count('cacheSize', 64 * 1024 * 1024),
    driver: options,
    onRecovery,
  };
}

function resolvePersistence(
  { filename, persistence }: SqlJsStorageOptions,
  readOnly: boolean,
): SqlJsPersistence | undefined {
  if (filename !== undefined && persistence !== undefined) {
    throw invalid('options.filename', 'and options.persistence cannot both be given');
  }
  if (persistence !== undefined) {
    assertPersistence(persistence);
    return persistence;
  }
  if (filename === undefined || filename === ':memory:') {
    if (readOnly) throw invalid('options.readOnly', 'needs a filename or a persistence to read from');
    return undefined;
  }
  if (typeof filename !== 'string' || filename.trim() === '' || /\0|^\s*file:/.test(filename)) {
    throw invalid('options.filename', 'must be the path of a file');
  }
  return openFile(filename.trim(), readOnly);
}

function assertPersistence(persistence: SqlJsPersistence): void {
  if (typeof persistence !== 'object' || persistence === null) {
    throw invalid('options.persistence', 'must be an object with load() and save()');
  }
  for (const name of ['load', 'save'] as const)
    assertFunction(persistence[name], `options.persistence.${name}`);
  for (const name of ['append', 'acquire', 'release'] as const) {
    if (persistence[name] !== undefined) assertFunction(persistence[name], `options.persistence.${name}`);
  }
}

function assertDriverOptions({ locateFile, wasmBinary, wasmModule, sqlJs }: DriverOptions): void {
  if (locateFile !== undefined) assertFunction(locateFile, 'options.locateFile');
  if (wasmBinary !== undefined && !isBytes(wasmBinary)) {
    throw invalid('options.wasmBinary', 'must be an ArrayBuffer or a Uint8Array');
  }
  if (
    wasmModule !== undefined &&
    Object.prototype.toString.call(wasmModule) !== '[object WebAssembly.Module]'
  ) {
    throw invalid('options.wasmModule', 'must be a WebAssembly.Module');
  }
  const isSqlJs = typeof sqlJs === 'function' || typeof sqlJs?.Database === 'function';
  if (sqlJs !== undefined && !isSqlJs) {
    throw invalid(
      'options.sqlJs',
      'must be the function that the package sql.js exports, or what that has loaded',
    );
  }
}

/** Also of another realm, as a test runner's sandbox is. */
function isBytes(value: unknown): boolean {
  return ArrayBuffer.isView(value) || Object.prototype.toString.call(value) === '[object ArrayBuffer]';
}

function assertBoolean(value: unknown, path: string): void {
  if (typeof value !== 'boolean') throw invalid(path, 'must be true or false');
}

function assertFunction(value: unknown, path: string): void {
  if (typeof value !== 'function') throw invalid(path, 'must be a function');
}

function invalid(path: string, problem: string): StorageError {
  return new StorageError('INVALID_OPTIONS', `${path} ${problem}.`, { path });
}

function warn({ location, offset, bytes }: Recovery): void {
  console.warn(
    `gati-storage: ${location} ended in ${bytes} bytes of an unfinished write at byte ${offset}, as after a crash. ` +
      'It was never acknowledged and is left out.',
  );
}
