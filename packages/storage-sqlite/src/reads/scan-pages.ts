import type { RecordKind } from '@gati-framework/manifest-store';
import { belongsToHandler } from '@gati-framework/manifest-store/backend';
import { PAGE_BYTES, type ScanFilter, type StoredRecord } from '@gati-framework/storage-kit';
import type { Connection } from '../connections/connection.js';
import {
  type Located,
  type PositionedRecordRow,
  parseKey,
  type RecordRow,
  toKeyedRecord,
  toStoredRecord,
} from '../sql/rows.js';
import { type NoteStatements, prepareScan } from '../sql/scan-statements.js';
import type { Reader } from '../sqlite-host.js';

/** Few enough that also a slow consumer comes back for the next page in time. */
const PAGE = 64;

/**
 * Keys are sorted by position in parts: the first is there soon, and no part takes
 * long, though each looks at all keys. The first is a page.
 */
const SORTED_AT_ONCE = 16_384;

/** Pages of one moment of the store, one after the other: each as soon as it is asked for, none bigger than PAGE_BYTES. */
export interface ScanPages {
  next(): IteratorResult<StoredRecord[], undefined>;
  /** Gives back what the pages hold. */
  end(): void;
}

/** Pages read by a connection of their own, which stays in the moment of its transaction. */
export class ReaderPages implements ScanPages {
  readonly #reader: Reader;
  readonly #pages: Generator<StoredRecord[], undefined>;
  /** What is being read; a connection cannot be closed before it ends. */
  #rows: IterableIterator<PositionedRecordRow> | undefined;

  /** @param reader Inside its transaction. Closed in the end. */
  constructor(reader: Reader, filter: ScanFilter) {
    this.#reader = reader;
    this.#pages = pagesOf(this.#records(filter));
  }

  next(): IteratorResult<StoredRecord[], undefined> {
    return this.#pages.next();
  }

  end(): void {
    this.#rows?.return?.();
    this.#reader.close();
  }

  *#records({ kinds, handlerId }: ScanFilter): Generator<StoredRecord> {
    for (const kind of kinds) {
      if (handlerId !== undefined && !belongsToHandler(kind)) continue;
      const statement = prepareScan(this.#reader.database, kind, handlerId !== undefined);
      const condition = handlerId === undefined ? [] : [handlerId];
      let last = -1;
      let limit = PAGE;
      for (let isWhole = true; isWhole; limit = SORTED_AT_ONCE) {
        let found = 0;
        this.#rows = statement.iterate(last, ...condition, limit);
        for (const [position, ...row] of this.#rows) {
          last = position;
          found += 1;
          yield toKeyedRecord(kind, row);
        }
        isWhole = found === limit;
      }
    }
  }
}

/**
 * Pages read by the only connection, while it also writes. It notes which
 * changes put the records of the moment, 16 bytes for each, and reads their
 * values later: they stay in `changes` until the history is trimmed, which has
 * to wait.
 */
export class ListedPages implements ScanPages {
  readonly #pages: Generator<StoredRecord[], undefined>;

  constructor({ statements: { records } }: Connection, { kinds, handlerId }: ScanFilter) {
    const listed = kinds.map((kind) => notePuts(kind, records[kind].notes, handlerId));
    this.#pages = pagesOf(recordsOf(listed));
  }

  next(): IteratorResult<StoredRecord[], undefined> {
    return this.#pages.next();
  }

  end(): void {
    this.#pages.return(undefined);
  }
}

/** The changes that put the records of a kind, in first-stored order. */
interface NotedPuts {
  readonly kind: RecordKind;
  readonly statements: NoteStatements;
  readonly changes: readonly number[];
  readonly revisions: readonly number[];
}

function notePuts(kind: RecordKind, statements: NoteStatements, handlerId: string | undefined): NotedPuts {
  const changes: number[] = [];
  const revisions: number[] = [];
  for (const [revision, change] of listPuts(statements, handlerId)) {
    changes.push(change);
    revisions.push(revision);
  }
  return { kind, statements, changes, revisions };
}

function listPuts({ list, listOfHandler }: NoteStatements, handlerId: string | undefined): Iterable<Located> {
  return handlerId === undefined ? list.iterate() : (listOfHandler?.iterate(handlerId) ?? []);
}

function* recordsOf(noted: readonly NotedPuts[]): Generator<StoredRecord> {
  for (const { kind, statements, changes, revisions } of noted) {
    for (const [i, change] of changes.entries()) {
      yield readPut(statements, kind, change, revisions[i] ?? 0);
    }
  }
}

function readPut(
  { selectPut, selectLost }: NoteStatements,
  kind: RecordKind,
  change: number,
  revision: number,
): StoredRecord {
  const row = selectPut.get(change);
  if (row !== undefined) {
    const [key, ...value] = row;
    return toStoredRecord(kind, [revision, ...value], parseKey(key));
  }
  // A value that is gone is damage, which is told of when the record is decoded; its key says which.
  const [lost] = selectLost.all(revision, change);
  return toKeyedRecord(kind, lost as RecordRow);
}

function* pagesOf(records: Generator<StoredRecord>): Generator<StoredRecord[], undefined> {
  let page: StoredRecord[] = [];
  let size = 0;
  for (const record of records) {
    const length = typeof record.text === 'string' ? record.text.length : 0;
    if (page.length > 0 && size + length > PAGE_BYTES) {
      yield page;
      page = [];
      size = 0;
    }
    page.push(record);
    size += length;
    if (page.length < PAGE && size < PAGE_BYTES) continue;
    yield page;
    page = [];
    size = 0;
  }
  if (page.length > 0) yield page;
  return undefined;
}
