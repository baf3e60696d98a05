import { fchmodSync, fchownSync, fstatSync, type Stats } from 'node:fs';
import { StorageError } from '@gati-framework/manifest-store';

const RIGHTS = 0o777;

/**
 * Gives a new file the owner, the group and the mode of the store's, so that
 * who may read and write the store stays as it was.
 *
 * @param isNeeded Whether it is an error when this process may not do that.
 * @throws `STORAGE_FORBIDDEN`
 */
export function keepRights(descriptor: number, of: Stats, filename: string, isNeeded: boolean): void {
  if (process.platform === 'win32') return;
  const { uid, gid } = fstatSync(descriptor);
  try {
    if (uid !== of.uid || gid !== of.gid) fchownSync(descriptor, of.uid, of.gid);
  } catch (cause) {
    if (isNeeded && !(uid === of.uid && isSameForGroup(of.mode))) throw notToBeGiven(filename, of, cause);
  }
  fchmodSync(descriptor, of.mode & RIGHTS);
}

/** Whether a mode lets the group do what everybody may. */
function isSameForGroup(mode: number): boolean {
  return ((mode >> 3) & 7) === (mode & 7);
}

function notToBeGiven(filename: string, { uid, gid }: Stats, cause: unknown): StorageError {
  return new StorageError(
    'STORAGE_FORBIDDEN',
    `${filename} belongs to user ${uid} and group ${gid}, and this process may not make files that do. sql.js writes the ` +
      'file anew from time to time, so it would take it away from them. Run as that user, open it with readOnly: true, or ' +
      'use storage-node-sqlite or storage-better-sqlite3.',
    { cause },
  );
}
