// What the processes of the rig run, in few files: most of them live for a moment, of which half went into looking for
// modules and reading them.
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const SCRIPTS = fileURLToPath(new URL('./child/', import.meta.url));
/** In the project, where what is installed is found from. */
const TEMPORARY = fileURLToPath(new URL('../../.tmp/', import.meta.url));
/** Looked for where it is installed: drivers, of which interference replaces parts; and what the processes have no use for. */
const INSTALLED = ['better-sqlite3', 'sql.js', 'pg', 'pg-native', 'esbuild'];

/** Absent until they are bundled, and where that would be in the way. */
let folder;

/** From here to `removeBundle` processes are started from what the code is now. */
export async function bundleScripts() {
  const { build, stop } = await import('esbuild'); // late, as this is a part of what is bundled
  mkdirSync(TEMPORARY, { recursive: true });
  const outdir = mkdtempSync(join(TEMPORARY, 'torture-'));
  await build({
    entryPoints: readdirSync(SCRIPTS).map((name) => join(SCRIPTS, name)),
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    external: INSTALLED,
    logLevel: 'warning',
    plugins: [{ name: 'own addresses', setup: keepAddresses }],
  });
  await stop();
  folder = outdir;
}

export function removeBundle() {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  folder = undefined;
}

/**
 * @param {string} name In `child/`.
 * @param {boolean} isWhole Whether each module is to be loaded from its own file, as where that is changed as it is loaded.
 */
export function scriptPath(name, isWhole) {
  return join(isWhole ? SCRIPTS : (folder ?? SCRIPTS), name);
}

/** A module that looks for something beside it finds it where the module lies, and not where the bundle does. */
function keepAddresses({ onLoad }) {
  onLoad({ filter: /\.m?js$/ }, async ({ path }) => {
    const source = await readFile(path, 'utf8');
    const contents = source.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href));
    return { contents, loader: 'js' };
  });
}
