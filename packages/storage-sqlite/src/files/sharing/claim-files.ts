import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { errorCode } from '../error-code.js';
import type { ProcessIdentity } from './this-process.js';

/** A process that uses a file. */
export interface FileUser extends ProcessIdentity {
  readonly since: string;
}

/**
 * What lies beside a file that is in use: `<file>-owner-<pid>-<id>` of whoever
 * has it for itself, `<file>-sharer-<pid>-<id>` of whoever shares it.
 */
export interface ClaimFile {
  readonly path: string;
  readonly form: ClaimForm;
  /** Not yet in its place: to be swept one day, and not to be believed. */
  readonly isUnfinished: boolean;
  /** Absent when the content was lost, or is not for this process to read. */
  readonly user: FileUser | undefined;
  /** Whether it is certain that it was left by a store, so that it may be removed. */
  readonly isOurs: boolean;
}

export type ClaimForm = 'owner' | 'sharer';

const NAME = /^-(owner|sharer)-([1-9]\d{0,9})-[0-9a-f]{8}(\.new)?$/;
/** Longer than any claim: what is longer is not read. */
const LONGEST = 4_096;

/** The longest that a name grows by what is put beside the file. */
export const LONGEST_SUFFIX: number = '-sharer-4194304-00000000.new'.length;

export function claimPath(filename: string, form: ClaimForm, pid: number, id: string): string {
  return `${filename}-${form}-${pid}-${id}`;
}

/** Where the owner that left a claim writes the next snapshot. */
export function snapshotPath(claim: string): string {
  return claim.replace(/-owner-(\d+-[0-9a-f]{8})$/, '-new-$1');
}

/** The claims on a file, known by their exact names and by what is in them: anything else is somebody else's. */
export function claimsOn(filename: string): ClaimFile[] {
  const folder = dirname(filename);
  const prefix = basename(filename);
  const claims: ClaimFile[] = [];
  for (const name of readdirSync(folder)) {
    const match = name.startsWith(prefix) ? NAME.exec(name.slice(prefix.length)) : null;
    const claim = match && readClaim(join(folder, name), match);
    if (claim) claims.push(claim);
  }
  return claims;
}

/** Removes a claim, and the snapshot that its owner may have left unfinished. */
export function removeClaim({ path, form }: Pick<ClaimFile, 'path' | 'form'>): void {
  // The claim last: without it, nobody knows whose the snapshot was.
  if (form === 'owner') rmSync(snapshotPath(path.replace(/\.new$/, '')), { force: true });
  rmSync(path, { force: true });
}

function readClaim(path: string, [, form, pid, unfinished]: RegExpExecArray): ClaimFile | undefined {
  const about = { path, form: form as ClaimForm, isUnfinished: unfinished !== undefined };
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch (error) {
    const isHidden = ['EACCES', 'EPERM'].includes(errorCode(error) ?? '');
    return isHidden ? { ...about, user: undefined, isOurs: false } : undefined;
  }
  if (content.length > LONGEST) return undefined;
  // What a power failure leaves of a claim whose content had not reached the disk.
  if (/^\0*$/.test(content)) return { ...about, user: undefined, isOurs: true };
  const user = parseUser(content);
  return user?.pid === Number(pid) ? { ...about, user, isOurs: true } : undefined;
}

function parseUser(content: string): FileUser | undefined {
  try {
    const user: FileUser | null = JSON.parse(content);
    const isUser = typeof user?.pid === 'number' && [user.host, user.since].every(isText);
    return isUser ? user : undefined;
  } catch {
    return undefined;
  }
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}
