import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { errorCode } from '../error-code.js';

/** Tells a process, or a worker thread in it, from every other one, also from a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** Whose process numbers these are: the boot of the machine and the container. Where the system tells. */
  readonly space: string | undefined;
  /** When the process started, in ticks since the boot. Where the system tells. */
  readonly started: string | undefined;
  /** In a worker thread: its number and when it started. Where the system tells. */
  readonly thread?: { readonly id: string; readonly started: string } | undefined;
}

/** What stays the same while the process and its thread run. Asking for it each time would be felt at each opening. */
let constant: Pick<ProcessIdentity, 'space' | 'started' | 'thread'> | undefined;

export function thisProcess(): ProcessIdentity {
  constant ??= { space: readSpace(), started: startIn(`/proc/${process.pid}`), thread: readThread() };
  return { pid: process.pid, host: hostname(), ...constant };
}

/** Whether a process, and the thread of it that is meant, still runs; `undefined` when that cannot be told from here. */
export function isRunning({ pid, host, space, started, thread }: ProcessIdentity): boolean | undefined {
  const here = thisProcess();
  if (host !== here.host) return undefined;
  if (space !== here.space) return isOfAnotherBoot(space, here.space) ? false : undefined;
  if (!exists(pid)) return false;
  if (started === undefined) return undefined; // another process may have got the number
  const found = startIn(`/proc/${pid}`);
  if (found === undefined) return undefined; // hidden from this user
  if (found !== started) return false;
  return thread === undefined || startIn(`/proc/${pid}/task/${thread.id}`) === thread.started;
}

/** Whether it is this very process, whichever thread of it. */
export function isThisProcess({ pid, host, space, started }: ProcessIdentity): boolean {
  const here = thisProcess();
  return pid === here.pid && host === here.host && space === here.space && started === here.started;
}

/** Whether both were dated by one clock: the same machine, since it was started. */
export function isOfThisBoot({ host, space }: ProcessIdentity): boolean {
  const here = thisProcess();
  return host === here.host && bootOf(space) === bootOf(here.space);
}

function isOfAnotherBoot(space: string | undefined, here: string | undefined): boolean {
  return space !== undefined && here !== undefined && bootOf(space) !== bootOf(here);
}

function bootOf(space: string | undefined): string | undefined {
  return space?.split(' ')[0];
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

function readSpace(): string | undefined {
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return undefined;
  }
}

/** The first thread ends with its process, so it needs no mention. */
function readThread(): ProcessIdentity['thread'] {
  try {
    const [pid, , id] = readlinkSync('/proc/thread-self').split('/'); // `4242/task/4250`
    if (id === undefined || id === pid) return undefined;
    const started = startIn(`/proc/${pid}/task/${id}`);
    return started === undefined ? undefined : { id, started };
  } catch {
    return undefined;
  }
}

/** Field 22 of `stat`, or `ended`; the second field, the name of the program, may hold anything. */
function startIn(folder: string): string | undefined {
  try {
    const stat = readFileSync(`${folder}/stat`, 'utf8');
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' || state === 'X' ? 'ended' : fields[18];
  } catch {
    return undefined;
  }
}
