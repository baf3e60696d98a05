import type { Revision } from '@gati-framework/manifest-store';
import { digestOf } from '@gati-framework/storage-kit';

/** What is told of a commit beside its changes. */
export interface ToldCommit {
  readonly revision: Revision;
  readonly committedAt: number;
  readonly changeCount: number;
  readonly note: string | undefined;
}

/** Proves it. It lies in files, so it is never made in another way. */
export function digestOfCommit({ revision, committedAt, changeCount, note }: ToldCommit): number {
  const numbers = `${revision} ${changeCount} ${committedAt}`;
  return digestOf(note === undefined ? numbers : `${numbers} ${note}`);
}
