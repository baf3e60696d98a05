import type { Revision } from '@gati-framework/manifest-store';
import { notKept } from '@gati-framework/manifest-store/backend';
import { readBounds } from '../commit/history-bounds.js';
import { nextChangeAfter, oldestReadable } from '../feed/find-commits.js';
import type { Statements } from '../sql/statements.js';
import type { StoreHead } from '../sql/store-head.js';

/** A moment of the past, as what was changed since. */
export interface PastMoment {
  readonly statements: Statements;
  readonly at: Revision;
  /** Id of the first change since. */
  readonly first: number;
  /** Id of the first change that is not looked at. */
  readonly end: number;
  /** How errors name the store. */
  readonly location: string;
}

/** Inside a transaction. Throws `STORAGE_COMPACTED`. */
export function momentAt(
  statements: Statements,
  head: StoreHead,
  at: Revision,
  location: string,
): PastMoment {
  const bounds = readBounds(statements);
  const oldest = oldestReadable(statements, bounds, head);
  if (at < oldest || at > head.revision) throw notKept(at, oldest, head.revision);
  const first = nextChangeAfter(statements, bounds, head, at);
  return { statements, at, first, end: head.nextChange, location };
}
