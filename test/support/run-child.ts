import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { SmallDisk } from '../../torture/harness/faults/small-disk.mjs';

/** Whether this machine lets an ordinary process mount file systems of its own. */
export const hasNamespaces: boolean = SmallDisk.isPossible();

/** Comes before a command, and has `setUp` run first, in a mount namespace of its own. */
export function mounting(setUp: string): readonly string[] {
  return ['unshare', '-rm', 'sh', '-c', `${setUp} && exec "$0" "$@"`];
}

/** Runs a command to its end; it reports as one line of JSON. */
export async function reportOf<T>([command = '', ...args]: readonly string[]): Promise<T> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stdout.on('data', (data) => {
    output += data;
  });
  child.stderr.on('data', (data) => {
    errors += data;
  });
  const [status] = await once(child, 'close');
  if (status === 0 && errors === '') return JSON.parse(output) as T;
  throw new Error(`${child.spawnargs.join(' ')} ended with status ${status}: ${errors}${output}`);
}
