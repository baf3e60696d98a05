// Files of published packages that are too large to depend on, in the project's temporary space.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root, step } from './setup.mjs';

/**
 * Gets files of a package from npm, unless they are there. Nothing of the package is run. Needs `tar`.
 *
 * @param {string} name of the package.
 * @param {string} version
 * @param {readonly string[]} files their paths in the package.
 * @returns {Promise<string[]>} where each of them is.
 */
export async function publishedFiles(name, version, files) {
  const folder = `${root}.tmp/published/${name.replaceAll('/', '-')}-${version}`;
  const places = files.map((file) => join(folder, file));
  if (!places.every((place) => existsSync(place))) await fetchFiles(`${name}@${version}`, files, folder);
  return places;
}

async function fetchFiles(spec, files, folder) {
  mkdirSync(`${root}.tmp`, { recursive: true });
  const parts = mkdtempSync(`${root}.tmp/published-parts-`);
  try {
    // Whoever cannot reach the registry is told so within a minute.
    const patience = ['--fetch-retries=1', '--fetch-timeout=30000', '--loglevel=error'];
    await step(`Getting ${spec} from npm`, 'npm', ['pack', spec, '--pack-destination', parts, ...patience]);
    const [archive] = readdirSync(parts);
    const wanted = files.map((file) => `package/${file}`);
    await step(`Unpacking ${spec}`, 'tar', ['xzf', join(parts, archive), '-C', parts, ...wanted]);
    for (const file of files) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      renameSync(join(parts, 'package', file), join(folder, file));
    }
  } finally {
    rmSync(parts, { recursive: true, force: true });
  }
}
