import { StorageError } from '@gati-framework/manifest-store';
import type { SqlJsStatic } from 'sql.js';
import type { ResolvedOptions } from './options.js';

type InitSqlJs = (config: {
  locateFile?: (name: string) => string;
  wasmBinary?: ArrayBuffer | Uint8Array;
}) => Promise<SqlJsStatic>;

let shared: Promise<SqlJsStatic> | undefined;

/**
 * The sql.js that the application installed, loaded on first use so that
 * importing this package never fails. Storages share it, unless they say
 * where it is.
 */
export function loadDriver({
  locateFile,
  wasmBinary,
}: Pick<ResolvedOptions, 'locateFile' | 'wasmBinary'>): Promise<SqlJsStatic> {
  if (locateFile !== undefined || wasmBinary !== undefined) return load({ locateFile, wasmBinary });
  shared ??= load({}).catch((error) => {
    shared = undefined; // the next storage tries again
    throw error;
  });
  return shared;
}

async function load(
  options: Partial<Pick<ResolvedOptions, 'locateFile' | 'wasmBinary'>>,
): Promise<SqlJsStatic> {
  const { locateFile, wasmBinary } = options;
  let init: InitSqlJs;
  try {
    const module = (await import('sql.js')) as unknown as { default: InitSqlJs | { default: InitSqlJs } };
    init = 'default' in module.default ? module.default.default : module.default;
  } catch (cause) {
    throw new StorageError(
      'STORAGE_DRIVER_MISSING',
      'The package sql.js cannot be loaded. Install it beside this one: npm install sql.js',
      { cause },
    );
  }
  try {
    return await init({ ...(locateFile && { locateFile }), ...(wasmBinary && { wasmBinary }) });
  } catch (cause) {
    throw new StorageError(
      'STORAGE_DRIVER_MISSING',
      'sql.js could not load its WebAssembly file. Say where it is with the option locateFile, or give its content as wasmBinary.',
      { cause },
    );
  }
}
