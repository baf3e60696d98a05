// What package-lock.json must be so that `npm ci` works everywhere: on each platform, and from each registry.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { root } from './setup.mjs';

/** Throws an error that names what another platform or registry would miss. */
export function assertLockfile() {
  const { packages } = JSON.parse(readFileSync(`${root}package-lock.json`, 'utf8'));
  const faults = Object.entries(packages).flatMap(([path, entry]) => [
    ...(/^https?:/.test(entry.resolved) ? [`${path} records the address it was downloaded from`] : []),
    ...Object.keys(entry.optionalDependencies ?? {})
      .filter((name) => findInstalled(packages, path, name) === undefined)
      .map(
        (name) =>
          `${path} may need ${name}, which has no entry: npm ci is refused, and its platform gets nothing`,
      ),
  ]);
  if (faults.length > 0) throw new Error(`package-lock.json:\n${faults.join('\n')}`);
}

/** Where the package at `path` finds a dependency: in its own folder, or in one above it. */
function findInstalled(packages, path, name) {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const entry = packages[folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`];
    if (entry !== undefined || folder === '') return entry;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) assertLockfile();
