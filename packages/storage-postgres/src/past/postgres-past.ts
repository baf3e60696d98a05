import type { RecordKind, Revision } from '@gati-framework/manifest-store';
import type { KeyTuple } from '@gati-framework/manifest-store/backend';
import type {
  LoggedSummary,
  LogRange,
  RecordPast,
  ScanFilter,
  StoredRecord,
} from '@gati-framework/storage-kit';
import type { PostgresQuery } from '../connections/postgres-pool.js';
import type { Scans } from '../reads/scans.js';
import { flagAt, numberAt, type Row } from '../sql/row-values.js';
import { headOf, toPastRecord } from '../sql/rows.js';
import type { Statements } from '../sql/statements.js';
import { assertInLog, assertKept } from './assert-kept.js';
import { readLog } from './read-log.js';

/** How the past is read: as the driver reads the present. */
export interface PastReads {
  /** Asks the database, and again when a standby shows less than was seen, or `assertUsable` throws that it does. */
  rows(
    query: PostgresQuery,
    revisionOf: (rows: readonly Row[]) => Revision,
    assertUsable: (rows: readonly Row[]) => void,
  ): Promise<readonly Row[]>;
  /** Resolves when nothing older than the revision is shown any more. */
  catchUpTo(revision: Revision): Promise<void>;
}

/** The store as it was, as far as it is kept. */
export class PostgresPast implements RecordPast {
  readonly #statements: Statements;
  readonly #scans: Scans;
  readonly #reads: PastReads;

  constructor(statements: Statements, scans: Scans, reads: PastReads) {
    this.#statements = statements;
    this.#scans = scans;
    this.#reads = reads;
  }

  async read(kind: RecordKind, key: KeyTuple, at: Revision): Promise<StoredRecord | undefined> {
    const query = this.#statements.readPast([kind, key[0], key[1] ?? '', at]);
    const rows = await this.#reads.rows(query, storeRevisionOf, (found) => {
      const head = headOf(found);
      assertKept(at, numberAt(head, 1), numberAt(head, 0), flagAt(head, 2));
    });
    await this.#reads.catchUpTo(at);
    return toPastRecord(kind, headOf(rows), key);
  }

  scan(filter: ScanFilter, at: Revision): AsyncIterable<readonly StoredRecord[]> {
    return this.#scans.scan(filter, at);
  }

  async log({ after, before, reverse, limit, maxChanges }: LogRange): Promise<readonly LoggedSummary[]> {
    const statement = reverse ? this.#statements.logBackward : this.#statements.logForward;
    const query = statement([after ?? -1, before ?? Number.MAX_SAFE_INTEGER, limit, maxChanges]);
    const rows = await this.#reads.rows(query, storeRevisionOf, (found) => {
      if (after !== undefined) assertInLog(after, headOf(found));
    });
    return readLog(rows);
  }
}

function storeRevisionOf(rows: readonly Row[]): Revision {
  return numberAt(headOf(rows), 0);
}
