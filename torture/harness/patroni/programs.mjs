// Patroni and PostgreSQL from Debian's packages, where an unprivileged user may run them.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { unpackedIn, unpackPackages } from '../../../scripts/debian-packages.mjs';

const PACKAGES = [
  ...['patroni', 'postgresql-15', 'postgresql-client-15', 'libpq5'],
  // What Patroni imports, with etcd as its store.
  ...[
    'cdiff',
    'click',
    'dateutil',
    'dnspython',
    'etcd',
    'pkg-resources',
    'prettytable',
    'psutil',
    'psycopg2',
  ].map((name) => `python3-${name}`),
  ...['six', 'urllib3', 'wcwidth', 'yaml'].map((name) => `python3-${name}`),
];

/** Whether somebody has gotten them: that takes a while, and is nothing that a test does. */
export const hasPatroni = () => existsSync(unpackedIn('patroni'));

/**
 * Gets them, unless they are there.
 *
 * @param {string} folder where a copy is made if `owner` may not enter the folder of the project.
 */
export async function patroniPrograms(folder, owner) {
  await unpackPackages('patroni', PACKAGES);
  const here = programsIn(unpackedIn('patroni'));
  if (runs(here, owner, folder)) return here;
  const copy = join(folder, 'programs');
  cpSync(unpackedIn('patroni'), copy, { recursive: true, verbatimSymlinks: true });
  const there = programsIn(copy);
  if (!runs(there, owner, folder))
    throw new Error("Debian's Patroni does not run here: it needs its Python 3.11.");
  return there;
}

function programsIn(root) {
  const machine = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
  return {
    python: '/usr/bin/python3',
    patroni: join(root, 'usr/bin/patroni'),
    bin: join(root, 'usr/lib/postgresql/15/bin'),
    env: {
      PATH: process.env.PATH,
      LC_ALL: 'C.UTF-8',
      PYTHONPATH: join(root, 'usr/lib/python3/dist-packages'),
      PYTHONDONTWRITEBYTECODE: '1',
      LD_LIBRARY_PATH: join(root, `usr/lib/${machine}-linux-gnu`),
    },
  };
}

function runs({ python, patroni, bin, env }, owner, cwd) {
  const options = { ...owner, env, cwd, stdio: 'ignore' };
  return [
    [python, [patroni, '--version']],
    [join(bin, 'postgres'), ['--version']],
  ].every(([command, args]) => spawnSync(command, args, options).status === 0);
}
