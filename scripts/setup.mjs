// Everything a fresh clone needs before its first command, with nothing but
// Node.js and npm there. Each step is skipped when its result is already there.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** For tests and checks. */
export async function setup() {
  await setupWithoutNativeDriver();
  await buildNativeDriver();
}

/** For whatever does without better-sqlite3, whose compilation takes longer than all the rest. */
export async function setupWithoutNativeDriver() {
  assertNodeVersion();
  await installDependencies();
  await buildPackages();
}

function assertNodeVersion() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(`Node.js 20.19 or newer is needed, and this is ${process.versions.node}.`);
  process.exit(1);
}

async function installDependencies() {
  const installed = `${root}node_modules/.package-lock.json`;
  const isCurrent =
    existsSync(installed) && statSync(installed).mtimeMs >= statSync(`${root}package-lock.json`).mtimeMs;
  if (isCurrent) return;
  // `npm ci` begins by removing what is there, also a driver that took minutes to compile.
  const command = existsSync(installed) ? ['install', '--no-save'] : ['ci'];
  await step('Installing dependencies', 'npm', [...command, '--loglevel=error']);
}

async function buildNativeDriver() {
  const probe = "new (require('better-sqlite3'))(':memory:').close()";
  const works = spawnSync(process.execPath, ['-e', probe], { cwd: root, stdio: 'ignore' }).status === 0;
  if (works) return;
  await step(
    'Getting better-sqlite3 a binary (where none can be downloaded it is compiled: about two minutes, once)',
    'npm',
    ['rebuild', 'better-sqlite3', '--ignore-scripts=false', '--loglevel=error'],
    { JOBS: 'max' },
  );
}

async function buildPackages() {
  await step('Building', process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-b']);
  await buildStudioPage();
}

/** Where it is missing or older than what it is made of. */
async function buildStudioPage() {
  const studio = `${root}packages/storage-studio/`;
  const sources = ['src/page', 'src/api', 'vite.config.ts', 'package.json'];
  if (newest(`${studio}page`) >= Math.max(...sources.map((source) => newest(studio + source)))) return;
  const vite = `${root}node_modules/vite/bin/vite.js`;
  const options = ['--config', `${studio}vite.config.ts`, '--logLevel', 'warn'];
  await step('Building the page of the studio', process.execPath, [vite, 'build', ...options]);
}

/** When a file, or the newest one in a folder, was written; 0 where there is none. */
function newest(path) {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return 0;
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(`${path}/${name}`)));
}

/** Runs a command, shows that it goes on, and shows its output only when it fails. */
export function step(title, command, args, env = {}) {
  const start = Date.now();
  const seconds = () => Math.round((Date.now() - start) / 1000);
  process.stderr.write(`${title} ...\n`);
  const heartbeat = setInterval(() => process.stderr.write(`  still going, ${seconds()} s\n`), 20_000);
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // On Windows npm is a batch file, which only a shell starts.
      shell: process.platform === 'win32' && command === 'npm',
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
    child.on('error', reject);
    child.on('close', (status) => {
      clearInterval(heartbeat);
      if (status === 0) {
        if (seconds() > 1) process.stderr.write(`  done in ${seconds()} s\n`);
        return resolve();
      }
      process.stderr.write(output);
      reject(new Error(`${title}: ${command} ${args.join(' ')} ended with status ${status}`));
    });
  });
}

/** Runs a command whose output is for the user; resolves with its exit status. */
export function show(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
    child.on('error', reject);
    child.on('close', (status) => resolve(status ?? 1));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await setup();
