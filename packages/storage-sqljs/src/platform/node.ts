import { realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { SnapshotFile } from '../files/snapshot-file.js';
import type { SqlJsPersistence } from '../persistence.js';

/** A store in a file of this machine. */
export function openFile(filename: string, readOnly: boolean): SqlJsPersistence {
  return new SnapshotFile(locate(filename), readOnly);
}

/** Absolute, so that a later change of the working directory changes nothing; and without links, which would be replaced. */
function locate(filename: string): string {
  try {
    return realpathSync(filename);
  } catch {
    return resolve(filename); // it is to be created
  }
}

/** The WebAssembly file of sql.js: where the caller says, or where it is installed. */
export async function readWasm(locateFile: ((name: string) => string) | undefined): Promise<BufferSource> {
  const name = 'sql-wasm.wasm';
  const path = locateFile?.(name) ?? createRequire(import.meta.url).resolve(`sql.js/dist/${name}`);
  return readFile(path);
}
