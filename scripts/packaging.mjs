// What users will install: each package that is published is packed, checked, and used from a
// project of its own, on this Node.js and on a current one.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CURRENT_NODE, currentNodeIn, testOnCurrentNode } from './current-node.mjs';
import { assertInstalledLinks } from './links.mjs';
import { pack, publishedPackages } from './pack.mjs';
import { root } from './setup.mjs';

/** Named checks, in the order in which they must run. */
export function* testPackages(folder, run) {
  const names = publishedPackages();
  const bin = (name) => `${root}node_modules/.bin/${name}`;
  const tarballs = join(folder, 'tarballs');
  mkdirSync(tarballs);
  yield ['packing', () => pack(names, tarballs)];
  for (const name of names) {
    yield [
      `package ${name}`,
      async () => {
        const cwd = `${root}packages/${name}`;
        const tarball = tarballOf(tarballs, name);
        const types = [tarball, '--profile', 'esm-only', '--no-emoji', '--no-color', '--quiet'];
        await Promise.all([
          run(bin('publint'), ['run', tarball, '--strict'], { cwd }),
          run(bin('attw'), types, { cwd }),
        ]);
      },
    ];
  }
  yield ['the command without a compiler', () => useCommand(folder, tarballs, names, run)];
  yield ['packed packages on this Node.js', () => useFrom(folder, 'this', tarballs, names, run)];
  yield [
    `packed packages on Node.js ${CURRENT_NODE}`,
    () => useFrom(folder, 'current', tarballs, names, run, CURRENT_NODE),
  ];
  yield* testOnCurrentNode(currentNodeIn(join(folder, 'project-current')), folder, run);
}

function manifestOf(name) {
  return JSON.parse(readFileSync(`${root}packages/${name}/package.json`, 'utf8'));
}

function tarballOf(tarballs, name) {
  const { version } = manifestOf(name);
  return join(tarballs, `gati-framework-${name}-${version}.tgz`);
}

function dependenciesOn(tarballs, names) {
  return Object.fromEntries(
    names.map((name) => [`@gati-framework/${name}`, `file:${tarballOf(tarballs, name)}`]),
  );
}

/** What a user of the command has: none of the drivers that are compiled. */
async function useCommand(folder, tarballs, names, run) {
  const cwd = join(folder, 'project-command');
  mkdirSync(cwd);
  const dependencies = { ...dependenciesOn(tarballs, names), 'sql.js': '^1.16.0' };
  writeFileSync(join(cwd, 'package.json'), JSON.stringify({ private: true, dependencies }));
  await run('npm', ['install', '--silent', '--no-audit', '--no-fund'], { cwd, quietly: true });
  if (existsSync(join(cwd, 'node_modules/better-sqlite3')))
    throw new Error('better-sqlite3 was installed too');
  writeFileSync(join(cwd, 'api.json'), JSON.stringify(API));
  const command = join(cwd, 'node_modules/.bin/gati-storage');
  await run(command, ['import', 'api.json'], { cwd, quietly: true });
  await run(command, ['list'], { cwd, quietly: true });
  await useStudio(command, cwd);
  assertInstalledLinks(join(cwd, 'node_modules'));
}

/** The page that was packed is what the command serves. */
async function useStudio(command, cwd) {
  const studio = spawn(command, ['studio', '--no-open'], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [text] = await once(studio.stdout.setEncoding('utf8'), 'data');
    const [address] = text.split('\n');
    const page = await (await fetch(address)).text();
    const [, script] = /<script [^>]*src="([^"]+)"/.exec(page) ?? [];
    const { status, headers } = await fetch(new URL(script, address));
    if (status !== 200 || !headers.get('content-type')?.includes('javascript'))
      throw new Error(`the script of the page of the studio, ${script}, is not served`);
  } finally {
    studio.kill('SIGKILL');
  }
}

const API = {
  openapi: '3.1.0',
  info: { title: 'Packed', version: '1.0.0' },
  paths: { '/ping': { get: { operationId: 'ping', responses: { 200: { description: 'pong' } } } } },
};

/** A user's project: installs the tarballs and the drivers, and runs the smoke test there. */
async function useFrom(folder, title, tarballs, names, run, nodeVersion) {
  const cwd = join(folder, `project-${title}`);
  mkdirSync(cwd);
  writeFileSync(
    join(cwd, 'package.json'),
    JSON.stringify({
      private: true,
      type: 'module',
      dependencies: {
        ...dependenciesOn(tarballs, names),
        'sql.js': '^1.16.0',
        pg: '^8.23.0',
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
  const node = nodeVersion === undefined ? process.execPath : currentNodeIn(cwd);
  await run(node, ['smoke.mjs', nodeVersion ?? process.versions.node], { cwd });
}
