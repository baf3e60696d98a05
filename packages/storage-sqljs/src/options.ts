import type { HistoryOptions, StorageLogger } from '@gati-framework/manifest-store';
import {
  type DecidedOptions,
  decideOptions,
  guardInput,
  HISTORY_LIMIT,
  invalidOption,
  type OptionRule,
  type OptionRules,
  optionRules,
} from '@gati-framework/manifest-store/backend';
import { type CommonOptions, commonRules } from '@gati-framework/storage-kit';
import { type Recovery, tellOfRecovery } from '@gati-framework/storage-sqlite';
import { openFile } from '#platform';
import type { SqlJsPersistence } from './persistence.js';

/** What the package sql.js exports. */
// biome-ignore lint/suspicious/noExplicitAny: its declared parameter differs between releases of its types
export type InitSqlJs = (config?: any) => Promise<LoadedSqlJs>;

/** What that resolves with. */
export interface LoadedSqlJs {
  readonly Database: new (data?: Uint8Array | null) => object;
}

/** Which sql.js to use. */
export type DriverOptions = {
  readonly [K in 'locateFile' | 'wasmBinary' | 'wasmModule' | 'sqlJs']?: SqlJsStorageOptions[K] | undefined;
};

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
  /** How much of the past the store keeps, at least. What is given is stored with it; default of a new store: 100,000 changes. */
  history?: HistoryOptions;
  /** @deprecated The old form of `history: { changes }`. */
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
  /**
   * Who is told of what goes wrong beside the calls and mends itself: a logger like the one of `pino()`, or
   * `console`. Default: a line on the console.
   */
  log?: StorageLogger;
  /**
   * Hears of a write that a crash cut short, instead of `log`.
   *
   * @deprecated `log` is told of it, too.
   */
  onRecovery?: (recovery: Recovery) => void;
}

/** What may be left out. */
type OpenName = keyof DriverOptions | 'filename' | 'persistence' | 'onRecovery';

/** Decided by the rules that all storages have in common. */
type RetentionName = 'history' | 'historyLimit';

/** Of the storage. */
export const NAME = 'sqljs';

/** Options with nothing left to decide. */
export interface ResolvedOptions
  extends DecidedOptions<Omit<SqlJsStorageOptions, OpenName | RetentionName>>,
    CommonOptions {
  /** Absent for a store in memory. */
  readonly persistence: SqlJsPersistence | undefined;
  readonly location: string;
  readonly driver: DriverOptions;
  readonly onRecovery: (recovery: Recovery) => void;
}

const RULES: OptionRules<DecidedOptions<Omit<SqlJsStorageOptions, RetentionName>, OpenName> & CommonOptions> =
  {
    ...commonRules('gati-storage'),
    autoSave: optionRules.flag(true),
    readOnly: optionRules.flag(false),
    lockTimeout: optionRules.time(1_000),
    filename: optionRules.unchecked(),
    persistence: optionRules.unchecked(),
    locateFile: optionRules.callback(),
    wasmBinary: must(isBytes, 'must be an ArrayBuffer or a Uint8Array'),
    wasmModule: must(isWasmModule, 'must be a WebAssembly.Module'),
    sqlJs: must(isSqlJs, 'must be the function that the package sql.js exports, or what that has loaded'),
    onRecovery: optionRules.callback(),
  };

export function resolveOptions(given: SqlJsStorageOptions): ResolvedOptions {
  return guardInput('options', 'INVALID_OPTIONS', () => {
    const {
      onRecovery,
      filename,
      persistence: givenPersistence,
      ...options
    } = decideOptions(given, RULES, {
      historyLimit: HISTORY_LIMIT,
    });
    const persistence = resolvePersistence(filename, givenPersistence, options.readOnly);
    const location = persistence === undefined ? ':memory:' : (persistence.location ?? 'persistence');
    return {
      ...options,
      persistence,
      location,
      driver: options,
      onRecovery: onRecovery ?? ((recovery) => tellOfRecovery(options.log, NAME, recovery)),
    };
  });
}

/** A rule for an option that may be left out. */
function must<T>(isRight: (value: unknown) => value is T, problem: string): OptionRule<T | undefined> {
  return (value, path) => {
    if (value === undefined || isRight(value)) return value;
    throw invalidOption(path, problem);
  };
}

function resolvePersistence(
  filename: unknown,
  persistence: SqlJsPersistence | undefined,
  readOnly: boolean,
): SqlJsPersistence | undefined {
  if (filename !== undefined && persistence !== undefined) {
    throw invalidOption('options.filename', 'and options.persistence cannot both be given');
  }
  if (persistence !== undefined) {
    assertPersistence(persistence);
    return persistence;
  }
  if (filename === undefined || filename === ':memory:') {
    if (readOnly) throw invalidOption('options.readOnly', 'needs a filename or a persistence to read from');
    return undefined;
  }
  if (typeof filename !== 'string' || filename.trim() === '' || /\0|^\s*file:/.test(filename)) {
    throw invalidOption('options.filename', 'must be the path of a file');
  }
  return openFile(filename.trim(), readOnly);
}

function assertPersistence(persistence: SqlJsPersistence): void {
  if (typeof persistence !== 'object' || persistence === null) {
    throw invalidOption('options.persistence', 'must be an object with load() and save()');
  }
  for (const name of ['load', 'save', 'append', 'acquire', 'release'] as const) {
    const isNeeded = name === 'load' || name === 'save';
    if (typeof persistence[name] === 'function' || (persistence[name] === undefined && !isNeeded)) continue;
    throw invalidOption(`options.persistence.${name}`, 'must be a function');
  }
}

/** Also of another realm, as a test runner's sandbox is. */
function isBytes(value: unknown): value is ArrayBuffer | Uint8Array {
  return ArrayBuffer.isView(value) || Object.prototype.toString.call(value) === '[object ArrayBuffer]';
}

function isWasmModule(value: unknown): value is object {
  return Object.prototype.toString.call(value) === '[object WebAssembly.Module]';
}

function isSqlJs(value: unknown): value is InitSqlJs | LoadedSqlJs {
  return typeof value === 'function' || typeof Object(value).Database === 'function';
}
