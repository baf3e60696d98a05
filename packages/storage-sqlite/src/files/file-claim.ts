import { randomUUID } from 'node:crypto';
import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { StorageError } from '@gati-framework/manifest-store';
import { statIfThere } from './if-there.js';
import { exists, isRunning, type ProcessIdentity, thisProcess } from './this-process.js';

/** How often an owner shows that it lives, in milliseconds. */
const HEARTBEAT = 2_000;
/** An owner that cannot be asked, on another host say, is gone after so many milliseconds without a sign. */
const LEASE = 15_000;
/** The same for who has only a clock of its own to compare with, which may differ from the owner's. */
const LEASE_BY_OWN_CLOCK = 10 * LEASE;

/** Whoever has a file for itself. */
export interface FileOwner extends ProcessIdentity {
  readonly since: string;
}

/** Whose claim cannot be read, be it that it is just being written. */
const UNKNOWN: FileOwner = {
  pid: 0,
  host: 'an unknown host',
  since: 'just now',
  space: undefined,
  started: undefined,
};

/** A file is this process's own, until release() or the end of the process. */
export interface FileClaim {
  /** Throws `STORAGE_REPLACED` when the claim was taken away, as may happen to a process that was suspended. */
  verify(): void;
  release(): void;
}

/**
 * Makes this process the only owner of a file.
 *
 * Everyone who wants the file first leaves a claim of its own beside it and
 * then looks for others: of two, at least one sees the other. A claim outlives
 * a crash, but not for long: those of processes that are gone are swept away.
 *
 * @throws `STORAGE_LOCKED`, naming the owner.
 */
export function claimFile(filename: string): FileClaim {
  const identity = thisProcess();
  const path = `${filename}-owner-${identity.pid}-${randomUUID().slice(0, 8)}`;
  const owner: FileOwner = { ...identity, since: new Date().toISOString() };
  try {
    // By renaming, so that nobody sees half of it.
    writeFileSync(`${path}.new`, `${JSON.stringify(owner)}\n`);
    renameSync(`${path}.new`, path);
    const other = findOwner(filename, path);
    if (other !== undefined) throw ownedBySqlJs(filename, other);
    return new Claim(filename, path);
  } catch (error) {
    for (const left of [`${path}.new`, path]) rmSync(left, { force: true });
    throw error;
  }
}

/** The owner of a file, if there is one. Sweeps away the claims of owners that are gone. */
export function findOwner(filename: string, ownClaim?: string): FileOwner | undefined {
  // The file system dates both claims, so that the clocks of two hosts need not agree.
  const signOfLife =
    ownClaim === undefined ? Date.now() - LEASE_BY_OWN_CLOCK : statSync(ownClaim).mtimeMs - LEASE;
  let found: FileOwner | undefined;
  for (const path of claimsOf(filename)) {
    if (path === ownClaim) continue;
    const owner = readOwner(path);
    if (isAlive(owner, path, signOfLife)) found = owner ?? UNKNOWN;
    else sweep(path);
  }
  return found;
}

export function ownedBySqlJs(filename: string, { pid, host, since }: FileOwner): StorageError {
  return new StorageError(
    'STORAGE_LOCKED',
    `${filename} belongs to process ${pid} on ${host} since ${since}, and sql.js can share a file with nobody. ` +
      'Close that storage, or open this one with readOnly: true; for several processes use storage-better-sqlite3.',
    { details: { pid, host, since } },
  );
}

class Claim implements FileClaim {
  readonly #filename: string;
  readonly #path: string;
  readonly #timer: ReturnType<typeof setInterval>;
  #shownAt = performance.now();

  constructor(filename: string, path: string) {
    this.#filename = filename;
    this.#path = path;
    this.#timer = setInterval(() => this.#show(), HEARTBEAT);
    this.#timer.unref();
  }

  verify(): void {
    // While the heart beats, nobody takes it away.
    if (performance.now() - this.#shownAt < LEASE / 3) return;
    if (statIfThere(this.#path) === undefined) throw this.#lost();
    this.#show();
  }

  release(): void {
    clearInterval(this.#timer);
    rmSync(this.#path, { force: true });
  }

  /** By writing, so that the file system dates it. */
  #show(): void {
    try {
      const claim = openSync(this.#path, 'r+');
      try {
        writeSync(claim, '{', 0);
      } finally {
        closeSync(claim);
      }
      this.#shownAt = performance.now();
    } catch {
      // verify() finds out and says so.
    }
  }

  #lost(): StorageError {
    return new StorageError(
      'STORAGE_REPLACED',
      `${this.#filename} may belong to another process by now: this one did not run for a while, and its claim ` +
        `${this.#path} is gone. Close this storage and open it again.`,
    );
  }
}

function claimsOf(filename: string): string[] {
  const folder = dirname(filename);
  const prefix = `${basename(filename)}-owner-`;
  return readdirSync(folder)
    .filter((name) => name.startsWith(prefix))
    .map((name) => join(folder, name));
}

function pidIn(path: string): number {
  return Number(/-owner-(\d+)-[^-]*$/.exec(path)?.[1]);
}

function readOwner(path: string): FileOwner | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as FileOwner;
  } catch {
    return undefined;
  }
}

/** @param signOfLife Since when an owner that cannot be asked must have shown itself. */
function isAlive(owner: FileOwner | undefined, path: string, signOfLife: number): boolean {
  // What a kill left unreadable still has the number of its process in its name.
  const isKnown = owner === undefined ? (exists(pidIn(path)) ? undefined : false) : isRunning(owner);
  return isKnown ?? (statIfThere(path)?.mtimeMs ?? Number.NEGATIVE_INFINITY) > signOfLife;
}

function sweep(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // A read-only folder: it does no harm there.
  }
}
