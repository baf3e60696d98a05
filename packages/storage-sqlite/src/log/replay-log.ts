import { StorageError } from '@gati-framework/manifest-store';
import { applyEntry } from '../commit/apply-commits.js';
import { readBounds } from '../commit/history-bounds.js';
import { finish } from '../commit/steps.js';
import { commitOf, firstChangeAfter, oldestRevision } from '../feed/find-commits.js';
import type { Statements } from '../sql/statements.js';
import type { StoreHead } from '../sql/store-head.js';
import { type CommitLog, damagedLog, type LogBase } from './commit-log.js';

/**
 * Applies the commits of a log that the database does not hold yet, inside the
 * caller's transaction, and moves `head` along. Refuses a log that does not
 * belong to the database.
 *
 * @param locations How errors name the database and the log.
 * @returns How many commits were applied.
 */
export function replayLog(
  statements: Statements,
  head: StoreHead,
  { base, entries }: CommitLog,
  locations: { readonly database: string; readonly log: string },
): number {
  if (base.revision > head.revision) {
    throw new StorageError(
      'STORAGE_CORRUPT',
      `${locations.database} is at revision ${head.revision}, and its log ${locations.log} goes on from revision ` +
        `${base.revision}: the database was replaced by an older one, or is missing. Nothing was changed. Put the ` +
        'database that belongs to the log back, or move the log away to go on without what it holds.',
      { details: { revision: head.revision, logBegins: base.revision } },
    );
  }
  assertSameHistory(statements, head, base, locations);
  const known = head.revision;
  for (const entry of entries) {
    if (entry.revision <= known) {
      assertSameHistory(statements, head, entry, locations);
      continue;
    }
    if (entry.revision !== head.revision + 1) {
      throw damagedLog(locations.log, 0, `revision ${entry.revision} follows revision ${head.revision}`);
    }
    finish(applyEntry(statements, head, entry));
  }
  return head.revision - known;
}

/** Whether the database and the log mean the same commit by this revision, as far as the database remembers. */
function assertSameHistory(
  statements: Statements,
  head: StoreHead,
  { revision, committedAt }: LogBase,
  locations: { readonly database: string; readonly log: string },
): void {
  const bounds = readBounds(statements);
  if (revision <= oldestRevision(statements, bounds)) return;
  const first = firstChangeAfter(statements, bounds, head, revision - 1);
  const found = commitOf(statements, first, head.nextChange)?.[3];
  if (found === committedAt) return;
  throw new StorageError(
    'STORAGE_CORRUPT',
    `${locations.log} belongs to another database than ${locations.database}: they disagree about revision ${revision}. ` +
      'Nothing was changed. Put the database that belongs to the log back, or move the log away to go on without what it holds.',
    { details: { revision } },
  );
}
