import { readFileSync, statSync } from 'node:fs';

/**
 * Whether a SQLite library, of this process or another, has a database in WAL
 * mode open: each connection holds a lock on the shared-memory file beside it.
 * Linux tells; elsewhere the answer is no.
 */
export function isOpenInSqlite(filename: string): boolean {
  const shared = statSync(`${filename}-shm`, { bigint: true, throwIfNoEntry: false });
  if (shared === undefined) return false;
  try {
    const locks = readFileSync('/proc/locks', 'utf8');
    // `1: POSIX  ADVISORY  READ 4242 08:01:1234 120 120`: process, device and inode, range.
    return locks.split('\n').some((line) => line.split(/\s+/)[5]?.split(':')[2] === String(shared.ino));
  } catch {
    return false;
  }
}
