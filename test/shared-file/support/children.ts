import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { backend } from './backend.js';

const folder = fileURLToPath(new URL('../children/', import.meta.url));

/** Which driver a child uses, on which Node.js. */
interface Child {
  readonly driver: string;
  readonly execPath: string;
}

const SAME: Child = { driver: backend.name, execPath: process.execPath };

/** Runs a script of `children/` to its end; it reports as one line of JSON. */
export async function runChild<T>(script: string, args: readonly string[], child = SAME): Promise<T> {
  return run(child.execPath, [`${folder}${script}`, child.driver, ...args]);
}

/** As {@link runChild}, with `setUp` run first in a mount namespace of its own. */
export async function runChildInNamespace<T>(
  setUp: string,
  script: string,
  args: readonly string[],
): Promise<T> {
  const shell = `${setUp} && exec "$0" "$@"`;
  return run('unshare', [
    '-rm',
    'sh',
    '-c',
    shell,
    SAME.execPath,
    `${folder}${script}`,
    SAME.driver,
    ...args,
  ]);
}

/** Whether this machine lets an ordinary process mount file systems of its own. */
export const hasNamespaces: boolean =
  spawnSync('unshare', ['-rm', 'sh', '-c', 'mount -t tmpfs tmpfs /mnt'], { stdio: 'ignore' }).status === 0;

function run<T>(command: string, args: readonly string[]): Promise<T> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let errors = '';
    child.stdout.on('data', (data) => {
      output += data;
    });
    child.stderr.on('data', (data) => {
      errors += data;
    });
    child.on('error', reject);
    child.on('close', (status) => {
      if (status === 0 && errors === '') resolve(JSON.parse(output) as T);
      else reject(new Error(`${args.join(' ')} ended with status ${status}: ${errors}${output}`));
    });
  });
}
