import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Tells a process from every other one, also from a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** Whose process numbers these are: the boot of the machine and the container. Where the system tells. */
  readonly space: string | undefined;
  /** When the process started, in ticks since the boot. Where the system tells. */
  readonly started: string | undefined;
}

export function thisProcess(): ProcessIdentity {
  return { pid: process.pid, host: hostname(), space: readSpace(), started: startOf(process.pid) };
}

/** Whether a process still runs; `undefined` when that cannot be told from here. */
export function isRunning(identity: ProcessIdentity): boolean | undefined {
  const here = thisProcess();
  if (identity.host !== here.host || identity.space !== here.space) return undefined;
  if (!exists(identity.pid)) return false;
  if (identity.started === undefined) return undefined; // another process may have got the number
  return identity.started === startOf(identity.pid);
}

export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function readSpace(): string | undefined {
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return undefined;
  }
}

/** Field 22 of `stat`; the second, the name of the program, may hold anything. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? undefined : fields[18];
  } catch {
    return undefined;
  }
}
