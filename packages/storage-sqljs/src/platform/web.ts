import { StorageError } from '@gati-framework/manifest-store';
import type { SqlJsPersistence } from '../persistence.js';

/** There are no files here. */
export function openFile(filename: string, _readOnly: boolean): SqlJsPersistence {
  throw new StorageError(
    'INVALID_OPTIONS',
    `options.filename names ${filename}, and there are no files here; give options.persistence instead, ` +
      'for example indexedDbPersistence() of @gati-framework/storage-sqljs/indexeddb.',
    { path: 'options.filename' },
  );
}

/** By a word that bundlers see: they take sql.js along. */
export function importSqlJs(): Promise<unknown> {
  return import('sql.js');
}

/** The WebAssembly file of sql.js: where the caller says, or beside the page, in a worker beside its script. */
export async function readWasm(locateFile: ((name: string) => string) | undefined): Promise<BufferSource> {
  const name = 'sql-wasm-browser.wasm';
  const response = await fetch(locateFile?.(name) ?? name);
  if (!response.ok) throw new Error(`${response.url} answered ${response.status} ${response.statusText}`);
  return response.arrayBuffer();
}
