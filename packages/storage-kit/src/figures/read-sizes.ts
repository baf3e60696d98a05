import type { LoggedCommit, LoggedSummary, StoredRecord } from '../record-driver.js';

/** How much a reading has found: records or commits, and UTF-16 code units of the text that was read. */
export interface ReadSize {
  readonly rows?: number;
  readonly bytes?: number;
}

export type SizeOf<T> = (found: T) => ReadSize;

export const ofNothing = (): ReadSize => ({});

export function ofRecords(records: readonly StoredRecord[]): ReadSize {
  return { rows: records.length, bytes: records.reduce((sum, { text }) => sum + text.length, 0) };
}

export function ofRecord(record: StoredRecord | undefined): ReadSize {
  return ofRecords(record === undefined ? [] : [record]);
}

/** A step of an iterator of pages. */
export function ofPage({ done, value }: IteratorResult<readonly StoredRecord[], unknown>): ReadSize {
  return ofRecords(done === true ? [] : value);
}

export function ofCommits(commits: readonly LoggedCommit[]): ReadSize {
  const textOf = ({ changes }: LoggedCommit): number =>
    changes.reduce((sum, change) => sum + (change.op === 'put' ? change.text.length : 0), 0);
  return { rows: commits.length, bytes: commits.reduce((sum, commit) => sum + textOf(commit), 0) };
}

export function ofSummaries(commits: readonly LoggedSummary[]): ReadSize {
  return { rows: commits.length };
}
