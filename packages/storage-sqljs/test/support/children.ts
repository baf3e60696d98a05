import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { mounting, reportOf } from '../../../../test/support/run-child.js';

const folder = fileURLToPath(new URL('./children/', import.meta.url));

export function childPath(script: string): string {
  return `${folder}${script}`;
}

/** Runs a script of `children/` to its end; it reports as one line of JSON. `prefix` is a command in front. */
export function runChild<T>(
  script: string,
  args: readonly string[],
  prefix: readonly string[] = [],
): Promise<T> {
  return reportOf([...prefix, process.execPath, `${folder}${script}`, ...args]);
}

/** In front of a command, lets it see its own processes only, as in a container. */
export const AS_CONTAINER: readonly string[] = ['unshare', '-rmpf', '--kill-child', '--mount-proc'];

/** As {@link runChild}, with `setUp` run first in a mount namespace of its own. */
export function runChildInNamespace<T>(setUp: string, script: string, args: readonly string[]): Promise<T> {
  return runChild(script, args, mounting(setUp));
}

/** Starts a script of `children/`, with a command in front if need be; it goes with the test. */
export function startChild(
  script: string,
  args: readonly string[],
  prefix: readonly string[] = [],
): ChildProcessByStdio<Writable, Readable, null> {
  const [command, ...rest] = [...prefix, process.execPath, `${folder}${script}`, ...args];
  const child = spawn(command as string, rest, {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}

/** Kills a script of `children/` with SIGKILL once it has printed so many lines; yields all of them. */
export async function runUntilKilled(
  script: string,
  args: readonly string[],
  lines: number,
): Promise<string[]> {
  const child = spawn(process.execPath, [`${folder}${script}`, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (data) => {
    output += data;
    if (output.split('\n').length > lines) child.kill('SIGKILL');
  });
  const [status] = await once(child, 'close');
  if (status !== null) throw new Error(`${script} ended by itself with status ${status}: ${output}`);
  return output.split('\n').slice(0, -1);
}

/** Runs a script of `children/` that kills itself. */
export async function runUntilItDies(script: string, args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [`${folder}${script}`, ...args], { stdio: 'inherit' });
  const [status, signal] = await once(child, 'close');
  if (signal !== 'SIGKILL') throw new Error(`${script} did not die, and ended with status ${status}`);
}
