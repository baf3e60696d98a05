import { StorageError } from '@gati-framework/manifest-store';
import type { SqlJsStatic } from 'sql.js';
import { importSqlJs } from '#platform';
import { compileWasm } from './compile-wasm.js';
import type { DriverOptions, InitSqlJs } from './options.js';

const INSTALLED = {};
/** By the function that loads it, or by that word. */
const loaded = new WeakMap<object, Promise<SqlJsStatic>>();

/**
 * sql.js as the application gave or installed it, loaded on first use so that
 * importing this package never fails, and once: sql.js itself keeps the first
 * that it made. What was missing may be there at the next call; but when sql.js
 * itself has failed, it fails for good.
 */
export function loadDriver(options: DriverOptions): Promise<SqlJsStatic> {
  const { sqlJs = INSTALLED } = options;
  if ('Database' in sqlJs) return Promise.resolve(sqlJs as SqlJsStatic);
  const known = loaded.get(sqlJs);
  if (known !== undefined) return known;
  const found = find(options);
  const loading = found.then(({ init, module }) => start(init, module));
  loaded.set(sqlJs, loading);
  found.catch(() => loaded.delete(sqlJs));
  return loading;
}

/** The parts of sql.js. */
async function find(options: DriverOptions): Promise<{ init: InitSqlJs; module: WebAssembly.Module }> {
  const { sqlJs } = options;
  const init = typeof sqlJs === 'function' ? sqlJs : await findInstalled();
  // Compiled here and not by sql.js, which remembers a failure for good and rejects a promise that nobody hears.
  return { init, module: await compileWasm(options) };
}

async function findInstalled(): Promise<InitSqlJs> {
  const { initSqlJs } = globalThis as { initSqlJs?: unknown };
  try {
    const init = initOf(await importSqlJs());
    if (init !== undefined) return init;
  } catch (cause) {
    if (typeof initSqlJs === 'function') return initSqlJs as InitSqlJs;
    throw notLoaded(cause);
  }
  if (typeof initSqlJs === 'function') return initSqlJs as InitSqlJs;
  throw notConverted();
}

/** Bundlers and runtimes wrap what a CommonJS module exports once, twice or not at all. */
function initOf(module: unknown): InitSqlJs | undefined {
  let candidate = module as { default?: unknown } | undefined;
  for (let depth = 0; depth < 3; depth++) {
    if (typeof candidate === 'function') return candidate as InitSqlJs;
    candidate = candidate?.default as typeof candidate;
  }
  return undefined;
}

/** Loaded as the module that it is not, so that nothing of it can be reached. */
function notConverted(): StorageError {
  return new StorageError(
    'STORAGE_DRIVER_MISSING',
    'The package sql.js cannot be loaded: it is no ES module, and nothing here has made it one. Load it by a script element, ' +
      'or let a bundler convert it: with Vite, it must not be in optimizeDeps.exclude.',
  );
}

function notLoaded(cause: unknown): StorageError {
  const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
  return new StorageError(
    'STORAGE_DRIVER_MISSING',
    `The package sql.js cannot be loaded: ${reason?.replace(/\.$/, '')}. Install it beside this one (npm install sql.js), ` +
      'and leave it out of bundles for Node.js. Where it is there and cannot be imported, as in a service worker or ' +
      'without a bundler, import it yourself and give it as the option sqlJs.',
    { cause },
  );
}

function start(init: InitSqlJs, module: WebAssembly.Module): Promise<SqlJsStatic> {
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown): void => reject(notStarted(cause));
    const instantiateWasm = (
      imports: WebAssembly.Imports,
      receive: (instance: WebAssembly.Instance) => void,
    ): object => {
      WebAssembly.instantiate(module, imports).then(receive).catch(fail);
      return {};
    };
    withLocation(() => init({ instantiateWasm })).then((sqlJs) => resolve(sqlJs as SqlJsStatic), fail);
  });
}

/** sql.js takes every runtime with a `WorkerGlobalScope` for a worker that has an address; not all have one. */
function withLocation<T>(work: () => T): T {
  if (!('WorkerGlobalScope' in globalThis) || 'location' in globalThis) return work();
  Object.defineProperty(globalThis, 'location', { value: { href: '' }, configurable: true });
  try {
    return work(); // which reads it before it waits for anything
  } finally {
    Reflect.deleteProperty(globalThis, 'location');
  }
}

function notStarted(cause: unknown): StorageError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StorageError(
    'STORAGE_DRIVER_MISSING',
    `sql.js was loaded but does not start: ${reason.replace(/\.$/, '')}. Check that its script and its WebAssembly file are ` +
      'of the same version, and that in a program for Node.js it is not part of the bundle.',
    { cause },
  );
}
