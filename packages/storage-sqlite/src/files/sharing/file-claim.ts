import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { StorageError } from '@gati-framework/manifest-store';
import { jsonText, timers } from '@gati-framework/manifest-store/backend';
import { fileError } from '../file-error.js';
import { statIfThere } from '../if-there.js';
import { keepRights } from '../rights.js';
import {
  type ClaimFile,
  type ClaimForm,
  claimPath,
  claimsOn,
  type FileUser,
  removeClaim,
  snapshotPath,
} from './claim-files.js';
import { isOfThisBoot, isRunning, isThisProcess, thisProcess } from './this-process.js';

/** How often a user of a file shows that it lives, in milliseconds. */
const HEARTBEAT = 2_000;
/** One that cannot be asked, on another host say, is gone after so many milliseconds without a sign. */
const LEASE = 15_000;
/** The same where only two clocks can be compared, which may differ. */
const LEASE_BY_OWN_CLOCK = 10 * LEASE;

/** Whose claim cannot be read. */
const UNKNOWN: FileUser = {
  pid: 0,
  host: 'an unknown host',
  since: 'just now',
  space: undefined,
  started: undefined,
};

/** Holds a file, until release() or the end of the process or of the worker thread. */
export interface FileClaim {
  /** Where the owner of the file may write its next snapshot: swept with the claim after a crash. */
  readonly snapshot: string;
  /** Throws `STORAGE_REPLACED` when the claim was taken away, as may happen to a process that was suspended. */
  verify(): void;
  release(): void;
}

/**
 * Makes this storage the only one that uses a file.
 *
 * Everyone who wants the file first leaves a claim of its own beside it and
 * then looks for others: of two, at least one sees the other. A claim outlives
 * a crash, but not for long: those of processes that are gone are swept away.
 *
 * @throws `STORAGE_LOCKED`, naming who uses it; `STORAGE_FORBIDDEN` where what
 * is written anew could not be given to the owner of the file.
 */
export function claimFile(filename: string): FileClaim {
  return leaveClaim(filename, 'owner');
}

/**
 * Makes this storage one of several that use a file, none of which has it for itself.
 *
 * @throws `STORAGE_LOCKED`, naming the owner.
 */
export function shareFile(filename: string): FileClaim {
  return leaveClaim(filename, 'sharer');
}

/** Throws `STORAGE_LOCKED` when somebody has the file for itself; for those who leave no claim. */
export function assertNoOwner(filename: string): void {
  const owner = findOther(filename, 'sharer', undefined);
  if (owner !== undefined) throw inUse(filename, owner);
}

function leaveClaim(filename: string, form: ClaimForm): FileClaim {
  let path: string | undefined;
  try {
    const identity = thisProcess();
    path = claimPath(filename, form, identity.pid, randomUUID().slice(0, 8));
    const user: FileUser = { ...identity, since: new Date(timers.wallClock()).toISOString() };
    // By renaming, so that nobody sees half of it.
    writeClaim(filename, form, `${path}.new`, `${jsonText(user)}\n`);
    renameSync(`${path}.new`, path);
    const other = findOther(filename, form, path);
    if (other !== undefined) throw inUse(filename, other);
    return new Claim(filename, path);
  } catch (error) {
    if (path !== undefined) for (const left of [`${path}.new`, path]) tryToRemove(left);
    throw fileError(error, filename);
  }
}

function writeClaim(filename: string, form: ClaimForm, path: string, content: string): void {
  const descriptor = openSync(path, 'wx');
  try {
    const rights = statIfThere(filename);
    // Whoever shares a file writes it in place; its owner must be able to give away what it writes anew.
    if (rights !== undefined) keepRights(descriptor, rights, filename, form === 'owner');
    writeSync(descriptor, content);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Whoever is in the way of a claim of this form, if anybody. Sweeps away the claims of those who are gone; who leaves no
 * claim has only its own clock to tell, and changes nothing.
 */
function findOther(filename: string, form: ClaimForm, own: string | undefined): ClaimFile | undefined {
  // The file system dates all claims, so that the clocks of two hosts need not agree.
  const now = own === undefined ? undefined : statSync(own).mtimeMs;
  let found: ClaimFile | undefined;
  for (const claim of claimsOn(filename)) {
    if (claim.path === own) continue;
    if (!isAlive(claim, now)) {
      if (own !== undefined) sweep(claim);
    } else if (!claim.isUnfinished && (form === 'owner' || claim.form === 'owner')) found = claim;
  }
  return found;
}

/** @param now By the clock of the file system, if known. */
function isAlive({ user, path }: ClaimFile, now: number | undefined): boolean {
  const isKnown = user && isRunning(user);
  if (isKnown !== undefined) return isKnown;
  const shownAt = statIfThere(path)?.mtimeMs ?? Number.NEGATIVE_INFINITY;
  if (now !== undefined) return shownAt > now - LEASE;
  const lease = user !== undefined && isOfThisBoot(user) ? LEASE : LEASE_BY_OWN_CLOCK;
  return shownAt > timers.wallClock() - lease;
}

function sweep(claim: ClaimFile): void {
  if (!claim.isOurs) return;
  try {
    removeClaim(claim);
  } catch {
    // A read-only folder: it does no harm there.
  }
}

/** After an error, which says more than another one about what it left. */
function tryToRemove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It is swept one day.
  }
}

function inUse(filename: string, { form, user = UNKNOWN }: ClaimFile): StorageError {
  const { pid, host, since } = user;
  const isHere = isThisProcess(user);
  const process = isHere ? `this same process ${pid}` : `process ${pid} on ${host}`;
  const who = `${isHere ? 'another storage of ' : ''}${process} since ${since}`;
  const problem =
    form === 'owner'
      ? `belongs to ${who}, and sql.js can share a file with nobody`
      : `is open through SQLite in ${who}, and sql.js can share a file with nobody`;
  const remedy = isHere ? 'Use that storage, or close it first' : 'Close that storage';
  return new StorageError(
    'STORAGE_LOCKED',
    `${filename} ${problem}. ${remedy}, or open this one with readOnly: true; for several writers use ` +
      'storage-node-sqlite or storage-better-sqlite3.',
    { details: { pid, host, since } },
  );
}

class Claim implements FileClaim {
  readonly snapshot: string;
  readonly #filename: string;
  readonly #path: string;
  readonly #timer: ReturnType<typeof timers.setInterval>;
  #shownAt = timers.now();

  constructor(filename: string, path: string) {
    this.snapshot = snapshotPath(path);
    this.#filename = filename;
    this.#path = path;
    this.#timer = timers.setInterval(() => this.#show(), HEARTBEAT);
    this.#timer.unref?.();
  }

  verify(): void {
    // The first is cheaper, the second tells why where it may not look.
    if (!existsSync(this.#path) && statIfThere(this.#path) === undefined) throw this.#lost();
    // While the heart beats, nobody takes it away.
    if (timers.now() - this.#shownAt > LEASE / 3) this.#show();
  }

  release(): void {
    timers.clearInterval(this.#timer);
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
      this.#shownAt = timers.now();
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
