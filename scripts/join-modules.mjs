// Loading a hundred small files is most of what a process takes to its first answer, so what is published has few.
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { root } from './setup.mjs';

/** Libraries of many small modules, of which few are needed: they go into the file that imports them, with their licence beside it. */
const TAKEN_IN = ['devalue'];

/**
 * Makes of the modules in `dist` of a package one for each that others can load, and one for what several
 * of these share. Types stay as they are, and other packages stay outside but for those of {@link TAKEN_IN}.
 */
export async function joinModules(folder) {
  const manifestPath = join(folder, 'package.json');
  const manifest = JSON.parse(readFileSync(manifestPath, 'utf8'));
  const dist = join(folder, 'dist');
  const joined = join(folder, 'joined');
  const takenIn = TAKEN_IN.filter((name) => name in (manifest.dependencies ?? {}));
  await build({
    entryPoints: entryPointsOf(manifest).map((path) => join(folder, path)),
    outbase: dist,
    outdir: joined,
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'esnext',
    packages: 'external',
    alias: Object.fromEntries(takenIn.map((name) => [name, entryOf(name)])),
    external: [...Object.keys(manifest.imports ?? {}), 'node:*'],
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
  });
  for (const path of filesIn(dist)) if (/\.js(\.map)?$/.test(path)) rmSync(join(dist, path));
  for (const path of filesIn(joined)) renameSync(join(joined, path), join(dist, path));
  rmSync(joined, { recursive: true });
  for (const name of takenIn) {
    mkdirSync(join(dist, 'licenses'), { recursive: true });
    copyFileSync(`${root}node_modules/${name}/LICENSE`, join(dist, 'licenses', `${name}.txt`));
    delete manifest.dependencies[name];
  }
  if (takenIn.length > 0) writeFileSync(manifestPath, `${JSON.stringify(manifest, null, 2)}\n`);
}

const entryOf = (library) => fileURLToPath(import.meta.resolve(library));

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
