// `npm run pack -- <folder>`: the tarballs that are published.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { root, setupWithoutNativeDriver } from './setup.mjs';

const execute = promisify(execFile);

/** Names of the folders in packages/ that are published. */
export function publishedPackages() {
  return readdirSync(`${root}packages`).filter((name) => manifestOf(name).private !== true);
}

/** Packs what is built of packages. Yields the paths of their tarballs in `destination`, by name. */
export async function pack(names, destination) {
  const { joinModules } = await import('./join-modules.mjs'); // which needs what setup installs
  const folder = mkdtempSync(join(tmpdir(), 'gati-pack-'));
  try {
    // npm knows which files belong to a package.
    await npmPack(
      names.map((name) => `./packages/${name}`),
      folder,
      root,
    );
    for (const name of names) {
      mkdirSync(join(folder, name));
      await unpack(tarballOf(name, folder), join(folder, name));
      await joinModules(join(folder, name));
    }
    await npmPack(
      names.map((name) => `./${name}`),
      resolve(destination),
      folder,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return new Map(names.map((name) => [name, tarballOf(name, resolve(destination))]));
}

/** Puts the package of a tarball into a folder that is there. */
export async function unpack(tarball, folder) {
  await execute('tar', ['-xzf', tarball, '-C', folder, '--strip-components', '1']);
}

async function npmPack(folders, destination, cwd) {
  await execute('npm', ['pack', '--silent', '--pack-destination', destination, ...folders], { cwd });
}

function tarballOf(name, folder) {
  return join(folder, `gati-framework-${name}-${manifestOf(name).version}.tgz`);
}

function manifestOf(name) {
  return JSON.parse(readFileSync(`${root}packages/${name}/package.json`, 'utf8'));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const destination = process.argv[2] ?? 'tarballs';
  mkdirSync(destination, { recursive: true });
  await setupWithoutNativeDriver();
  for (const tarball of (await pack(publishedPackages(), destination)).values()) console.log(tarball);
}
