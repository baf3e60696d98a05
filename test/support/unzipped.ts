import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { temporaryFolder } from './temporary-folder.js';

/** A copy of a zipped file of test/fixtures, which goes when the test ends. */
export function unzipped(fixture: string): string {
  const filename = join(temporaryFolder(), 'store.db');
  const zipped = readFileSync(new URL(`../fixtures/${fixture}`, import.meta.url));
  writeFileSync(filename, gunzipSync(zipped));
  return filename;
}
