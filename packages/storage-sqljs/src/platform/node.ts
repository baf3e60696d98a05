import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { absolutePath } from '@gati-framework/storage-sqlite/files';
import { SnapshotFile } from '../files/snapshot-file.js';
import type { SqlJsPersistence } from '../persistence.js';

/** A store in a file of this machine. */
export function openFile(filename: string, readOnly: boolean): SqlJsPersistence {
  return new SnapshotFile(absolutePath(filename), readOnly);
}

/** The WebAssembly file of sql.js: where the caller says, or where it is installed. */
export async function readWasm(locateFile: ((name: string) => string) | undefined): Promise<BufferSource> {
  const name = 'sql-wasm.wasm';
  const path = locateFile?.(name) ?? createRequire(import.meta.url).resolve(`sql.js/dist/${name}`);
  return readFile(path);
}
