import type { RecordKind, Revision } from '@gati-framework/manifest-store';
import { byKind, RECORD_KIND_NAMES } from '@gati-framework/manifest-store/backend';
import { nextChangeAfter } from '../feed/find-commits.js';
import { readPragma } from '../schema/migrate.js';
import { countColumnOf } from '../schema/schema.js';
import { preparingOnDemand } from '../sql/statement-on-demand.js';
import { prepareStatements } from '../sql/statements.js';
import { readHead } from '../sql/store-head.js';
import type { SqliteDatabase } from '../sqlite-database.js';

/** Where a store is, as its last commit tells, whichever version its schema has. */
export interface StoreTip {
  readonly schemaVersion: number;
  /** 0 before the first commit. */
  readonly revision: Revision;
  readonly committedAt: number;
  readonly counts: Readonly<Record<RecordKind, number>>;
}

/** Of a database that is known to hold a store. */
export function readTip(database: SqliteDatabase): StoreTip {
  const schemaVersion = readPragma(database, 'user_version');
  const counts = RECORD_KIND_NAMES.map(countColumnOf).join(', ');
  // In version 1, commits are a table of their own.
  const order = schemaVersion === 1 ? 'revision' : 'last_change';
  const [revision = 0, committedAt = 0, ...counted] =
    database
      .prepare<readonly number[]>(
        `SELECT revision, committed_at, ${counts} FROM commits ORDER BY ${order} DESC LIMIT 1`,
      )
      .get() ?? [];
  return { schemaVersion, revision, committedAt, counts: byKind((_, i) => counted[i] ?? 0) };
}

/** How many records it holds. */
export function recordsOf({ counts }: StoreTip): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** Whether a store once was where another one is, as far as its history tells: both have made the same commit. */
export function hasBeenAt(database: SqliteDatabase, { revision, committedAt }: StoreTip): boolean {
  return revision === 0 || committedAtOf(database, revision) === committedAt;
}

function committedAtOf(database: SqliteDatabase, revision: Revision): number | undefined {
  if (readPragma(database, 'user_version') === 1) {
    const select = database.prepare<readonly [number]>('SELECT committed_at FROM commits WHERE revision = ?');
    return select.get(revision)?.[0];
  }
  const statements = prepareStatements(preparingOnDemand(database));
  const head = readHead(statements.changes.selectHead.get());
  if (revision > head.revision) return undefined;
  const [firstChange = 1] =
    database.prepare<readonly [number]>('SELECT first_change FROM history').get() ?? [];
  const last = nextChangeAfter(statements, { firstChange }, head, revision) - 1;
  const found = readHead(statements.changes.selectHeadAt.get(last));
  return found.revision === revision ? found.committedAt : undefined;
}
