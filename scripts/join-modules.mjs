// Loading a hundred small files is most of what a process takes to its first answer, so what is published has few.
import { readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/**
 * Makes of the modules in `dist` of a package one for each that others can load, and one for what several
 * of these share. Types stay as they are, and other packages stay outside.
 */
export async function joinModules(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const dist = join(folder, 'dist');
  const joined = join(folder, 'joined');
  await build({
    entryPoints: entryPointsOf(manifest).map((path) => join(folder, path)),
    outbase: dist,
    outdir: joined,
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'esnext',
    packages: 'external',
    external: [...Object.keys(manifest.imports ?? {}), 'node:*'],
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
  });
  for (const path of filesIn(dist)) if (/\.js(\.map)?$/.test(path)) rmSync(join(dist, path));
  for (const path of filesIn(joined)) renameSync(join(joined, path), join(dist, path));
  rmSync(joined, { recursive: true });
}

/** Paths of all that is loaded by a name: exported, for the package itself, or as a command. */
function entryPointsOf({ exports = {}, imports = {}, bin = {} }) {
  const conditions = [...Object.values(exports), ...Object.values(imports), ...Object.values(bin)];
  const paths = conditions.flatMap((one) => (typeof one === 'string' ? one : Object.values(one)));
  return [...new Set(paths)].filter((path) => path.endsWith('.js'));
}

function filesIn(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}
