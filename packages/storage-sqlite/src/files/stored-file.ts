import type { BigIntStats } from 'node:fs';
import { exactStatIfThere, readIfThere, statIfThere } from './if-there.js';
import { logPathOf } from './log-file.js';
import { mergeWal } from './merge-wal.js';
import { readDatabase } from './read-database.js';
import { rollBackJournal } from './roll-back-journal.js';

/** What SQLite may leave beside a database when its process is killed. */
export const SQLITE_FILES = ['-wal', '-shm', '-journal'] as const;

/** Whether commits lie beside a file that are not in it, or what is to be undone in it. */
export function hasMoreBeside(filename: string): boolean {
  const paths = [`${filename}-wal`, `${filename}-journal`, logPathOf(filename)];
  return paths.some((path) => (statIfThere(path)?.size ?? 0) > 0);
}

export interface StoredFile {
  /** The database as SQLite would find it; `undefined` when there is no file. */
  readonly content: Uint8Array | undefined;
  /** Whether that is to take the place of the file and of what lies beside it. */
  readonly isRecovered: boolean;
}

/** Reads a database file with what a killed process left beside it. It changes nothing. */
export function readStoredFile(filename: string): StoredFile {
  const content = readDatabase(filename);
  const [wal, journal] = ['-wal', '-journal'].map((suffix) => readIfThere(`${filename}${suffix}`));
  const isRecovered = Boolean(journal?.length || wal?.length);
  // Of a file that was removed, whose next one they would spoil. SQLite removes them, too.
  if (content === undefined || content.length === 0) return { content, isRecovered };
  let recovered = content;
  if (journal?.length) recovered = rollBackJournal(recovered, journal, `${filename}-journal`);
  if (wal?.length) recovered = mergeWal(recovered, wal, `${filename}-wal`);
  return { content: recovered, isRecovered };
}

/**
 * Tells which file is there and whether it was written since: the same answer
 * twice means that nothing changed. An inode alone does not tell, as one that was
 * freed is soon used again.
 */
export function contentState(path: string): string | undefined {
  const stat = exactStatIfThere(path);
  return stat && `${sizedIdentity(stat)}:${stat.mtimeNs}`;
}

/** Tells which file is there, and its size; for one that this process writes itself. */
export function fileState(path: string): string | undefined {
  const stat = exactStatIfThere(path);
  return stat && sizedIdentity(stat);
}

export function sizedIdentity({ dev, ino, size }: Pick<BigIntStats, 'dev' | 'ino' | 'size'>): string {
  return [dev, ino, size].join(':');
}
