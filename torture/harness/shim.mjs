import { spawnSync } from 'node:child_process';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Compiles what is loaded before the C library, and stands before some of its functions. @returns Where it is. */
export function compileShim(url, folder) {
  const source = fileURLToPath(url);
  const library = join(folder, `${basename(source, '.c')}.so`);
  const flags = ['-O2', '-shared', '-fPIC', '-o', library, source, '-ldl'];
  const { status, stderr, error } = spawnSync('cc', flags, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The experiment needs a C compiler, cc: ${error ?? stderr}`);
  return library;
}
