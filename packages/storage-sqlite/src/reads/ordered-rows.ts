import type { RecordKind, Revision } from '@gati-framework/manifest-store';
import type { PositionedRecordRow } from '../sql/rows.js';
import { prepareScan } from '../sql/scan-statements.js';
import type { SqliteDatabase } from '../sqlite-database.js';

/** Few enough that also a slow consumer comes back for the next page in time. */
export const PAGE = 64;

/**
 * Keys of a handler are sorted by position, and in parts: the first is there soon, and no part takes
 * long, though each looks at all keys of the handler. The first is a page.
 */
const SORTED_AT_ONCE = 16_384;

/** Records in first-stored order, read by a connection of their own, one as soon as it is asked for. */
export class OrderedRows {
  readonly #database: SqliteDatabase;
  /** What is being read; a connection cannot be closed before it ends. */
  #rows: IterableIterator<PositionedRecordRow> | undefined;

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  /** @param at Only what was last written by this revision or before it. */
  *read(
    kind: RecordKind,
    handlerId: string | undefined,
    at: Revision = Number.MAX_SAFE_INTEGER,
  ): Generator<PositionedRecordRow> {
    const statement = prepareScan(this.#database, kind, handlerId !== undefined);
    const condition = handlerId === undefined ? [] : [handlerId];
    let last = -1;
    let limit = PAGE;
    for (let isWhole = true; isWhole; limit = SORTED_AT_ONCE) {
      let found = 0;
      this.#rows = statement.iterate(last, at, ...condition, limit);
      for (const row of this.#rows) {
        last = row[0];
        found += 1;
        yield row;
      }
      isWhole = found === limit;
    }
  }

  end(): void {
    this.#rows?.return?.();
  }
}
