import { readFileSync, statSync } from 'node:fs';

/**
 * Whether a SQLite library, of this process or another, has a database open:
 * each connection in WAL mode holds a lock on the file and on the shared-memory
 * file beside it, any other during its transactions. Linux tells; elsewhere the
 * answer is no. Processes of other containers are not seen.
 */
export function isOpenInSqlite(filename: string): boolean {
  const locked = lockedInodes();
  if (locked === undefined) return false;
  return [filename, `${filename}-shm`].some((path) => {
    const inode = statSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
    return inode !== undefined && locked.has(String(inode));
  });
}

/** The inodes of all files that are locked, or locked by one process; `undefined` where the system does not tell. */
export function lockedInodes(pid?: number): ReadonlySet<string> | undefined {
  try {
    // `1: POSIX  ADVISORY  READ 4242 08:01:1234 120 120`: process, device and inode, range.
    const locks = readFileSync('/proc/locks', 'utf8')
      .split('\n')
      .map((line) => line.split(/\s+/))
      .filter((fields) => pid === undefined || fields[4] === String(pid));
    return new Set(locks.map((fields) => fields[5]?.split(':')[2] ?? ''));
  } catch {
    return undefined;
  }
}
