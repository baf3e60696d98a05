import { fileURLToPath } from 'node:url';
import { mounting, reportOf } from '../../support/run-child.js';
import { backend } from './backend.js';

const folder = fileURLToPath(new URL('../children/', import.meta.url));

/** Which driver a child uses, on which Node.js. */
interface Child {
  readonly driver: string;
  readonly execPath: string;
}

const SAME: Child = { driver: backend.name, execPath: process.execPath };

/** Runs a script of `children/` to its end; it reports as one line of JSON. */
export function runChild<T>(
  script: string,
  args: readonly string[],
  { driver, execPath }: Child = SAME,
  prefix: readonly string[] = [],
): Promise<T> {
  return reportOf([...prefix, execPath, `${folder}${script}`, driver, ...args]);
}

/** As {@link runChild}, with `setUp` run first in a mount namespace of its own. */
export function runChildInNamespace<T>(setUp: string, script: string, args: readonly string[]): Promise<T> {
  return runChild(script, args, SAME, mounting(setUp));
}
