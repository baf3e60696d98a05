import { StorageError } from '@gati-framework/manifest-store';
import type { SqlJsStatic } from 'sql.js';
import { readWasm } from '#platform';
import type { ResolvedOptions } from './options.js';

type WasmOptions = Pick<ResolvedOptions, 'locateFile' | 'wasmBinary'>;

type InitSqlJs = (config: {
  instantiateWasm(imports: WebAssembly.Imports, receive: (instance: WebAssembly.Instance) => void): object;
}) => Promise<SqlJsStatic>;

let shared: Promise<SqlJsStatic> | undefined;

/**
 * The sql.js that the application installed, loaded on first use so that
 * importing this package never fails, and once: sql.js itself keeps the first
 * that it made. A failure is forgotten, so that the next call tries again.
 */
export function loadDriver(options: WasmOptions): Promise<SqlJsStatic> {
  shared ??= load(options).catch((error) => {
    shared = undefined;
    throw error;
  });
  return shared;
}

async function load(options: WasmOptions): Promise<SqlJsStatic> {
  const init = await importDriver();
  // Compiled here and not by sql.js, which remembers a failure for good and rejects a promise that nobody hears.
  const module = await compile(options);
  return init({
    instantiateWasm(imports, receive) {
      WebAssembly.instantiate(module, imports).then(receive);
      return {};
    },
  });
}

async function importDriver(): Promise<InitSqlJs> {
  try {
    const module = (await import('sql.js')) as unknown as { default: InitSqlJs | { default: InitSqlJs } };
    return 'default' in module.default ? module.default.default : module.default;
  } catch (cause) {
    throw new StorageError(
      'STORAGE_DRIVER_MISSING',
      'The package sql.js cannot be loaded. Install it beside this one: npm install sql.js',
      { cause },
    );
  }
}

async function compile({ locateFile, wasmBinary }: WasmOptions): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile((wasmBinary ?? (await readWasm(locateFile))) as BufferSource);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StorageError(
      'STORAGE_DRIVER_MISSING',
      `The WebAssembly file of sql.js cannot be loaded: ${reason}. Say where it is with the option locateFile, or ` +
        'give its content as wasmBinary.',
      { cause },
    );
  }
}
