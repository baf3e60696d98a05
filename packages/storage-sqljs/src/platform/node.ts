import { readFile } from 'node:fs/promises';
import { absolutePath, fromInstalled } from '@gati-framework/storage-sqlite/files';
import { SnapshotFile } from '../files/snapshot-file.js';
import type { SqlJsPersistence } from '../persistence.js';

/** A store in a file of this machine. */
export function openFile(filename: string, readOnly: boolean): SqlJsPersistence {
  return new SnapshotFile(absolutePath(filename), readOnly);
}

/** The WebAssembly file of sql.js: where the caller says, or where it is installed. */
export async function readWasm(locateFile: ((name: string) => string) | undefined): Promise<BufferSource> {
  const name = 'sql-wasm.wasm';
  const path =
    locateFile?.(name) ?? fromInstalled(import.meta.url, (require) => require.resolve(`sql.js/dist/${name}`));
  return readFile(path);
}

/** Not by import(): a bundler would take it along, and it cannot find its own modules and file from there. */
export async function importSqlJs(): Promise<unknown> {
  return fromInstalled(import.meta.url, (require) => require('sql.js'));
}
