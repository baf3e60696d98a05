// What users will install: each package is packed, checked, and used from a
// project of its own, on this Node.js and on a current one.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './setup.mjs';

const CURRENT_NODE = '26.10.0';

/** Named checks, in the order in which they must run. */
export function* testPackages(folder, run) {
  const names = readdirSync(`${root}packages`);
  const bin = (name) => `${root}node_modules/.bin/${name}`;
  const tarballs = join(folder, 'tarballs');
  mkdirSync(tarballs);
  for (const name of names) {
    yield [
      `package ${name}`,
      async () => {
        const cwd = `${root}packages/${name}`;
        await run('npm', ['pack', '--silent', '--pack-destination', tarballs], { cwd, quietly: true });
        const tarball = tarballOf(tarballs, name);
        await run(bin('publint'), ['run', tarball, '--strict'], { cwd });
        await run(bin('attw'), [tarball, '--profile', 'esm-only', '--no-emoji', '--no-color', '--quiet'], {
          cwd,
        });
      },
    ];
  }
  yield ['packed packages on this Node.js', () => useFrom(folder, 'this', tarballs, names, run)];
  yield [
    `packed packages on Node.js ${CURRENT_NODE}`,
    () => useFrom(folder, 'current', tarballs, names, run, CURRENT_NODE),
  ];
}

function tarballOf(tarballs, name) {
  const { version } = JSON.parse(readFileSync(`${root}packages/${name}/package.json`, 'utf8'));
  return join(tarballs, `gati-framework-${name}-${version}.tgz`);
}

/** A user's project: installs the tarballs and the driver, and runs the smoke test there. */
async function useFrom(folder, title, tarballs, names, run, nodeVersion) {
  const cwd = join(folder, `project-${title}`);
  mkdirSync(cwd);
  const dependencies = Object.fromEntries(
    names.map((name) => [`@gati-framework/${name}`, `file:${tarballOf(tarballs, name)}`]),
  );
  writeFileSync(
    join(cwd, 'package.json'),
    JSON.stringify({
      private: true,
      type: 'module',
      dependencies: {
        ...dependencies,
        // On this Node.js the driver that is built already serves; a current one gets its own.
        'better-sqlite3': nodeVersion === undefined ? `file:${root}node_modules/better-sqlite3` : '^13.0.0',
        ...(nodeVersion === undefined ? {} : { node: nodeVersion }),
      },
      // `node` fetches the binary of this platform when it is installed.
      allowScripts: { node: true },
    }),
  );
  const install = [
    'install',
    '--silent',
    '--no-audit',
    '--no-fund',
    `--ignore-scripts=${nodeVersion === undefined}`,
  ];
  await run('npm', install, { cwd, quietly: true });
  const script = readFileSync(`${root}scripts/smoke.mjs`, 'utf8');
  writeFileSync(join(cwd, 'smoke.mjs'), script);
  const node = nodeVersion === undefined ? process.execPath : join(cwd, 'node_modules/node/bin/node');
  await run(node, ['smoke.mjs', nodeVersion ?? process.versions.node], { cwd });
}
