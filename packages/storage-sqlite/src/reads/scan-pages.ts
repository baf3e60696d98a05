import type { RecordKind, Revision } from '@gati-framework/manifest-store';
import { belongsToHandler } from '@gati-framework/manifest-store/backend';
import type { ScanFilter, StoredRecord } from '@gati-framework/storage-kit';
import type { Steps } from '../commit/steps.js';
import type { Connection } from '../connections/connection.js';
import { type LocatedRecord, parseKey, type RecordRow, toKeyedRecord, toStoredRecord } from '../sql/rows.js';
import type { NoteStatements } from '../sql/scan-statements.js';
import type { Reader } from '../sqlite-host.js';
import { OrderedRows } from './ordered-rows.js';
import { pagesOf } from './pages-of.js';

/** Pages of one moment of the store, one after the other: each as soon as it is asked for, none bigger than PAGE_BYTES. */
export interface ScanPages {
  /** To be finished before the first page; it may be done in parts. */
  readonly preparation?: Steps<void>;
  next(): IteratorResult<StoredRecord[], undefined>;
  /** Gives back what the pages hold. */
  end(): void;
}

/** Pages read by a connection of their own, which stays in the moment of its transaction. */
export class ReaderPages implements ScanPages {
  readonly #reader: Reader;
  readonly #rows: OrderedRows;
  readonly #pages: Generator<StoredRecord[], undefined>;

  /** @param reader Inside its transaction. Closed in the end. */
  constructor(reader: Reader, filter: ScanFilter) {
    this.#reader = reader;
    this.#rows = new OrderedRows(reader.database);
    this.#pages = pagesOf(this.#records(filter));
  }

  next(): IteratorResult<StoredRecord[], undefined> {
    return this.#pages.next();
  }

  end(): void {
    this.#rows.end();
    this.#reader.close();
  }

  *#records({ kinds, handlerId }: ScanFilter): Generator<StoredRecord> {
    for (const kind of kinds) {
      if (handlerId !== undefined && !belongsToHandler(kind)) continue;
      for (const [, ...row] of this.#rows.read(kind, handlerId)) yield toKeyedRecord(kind, row);
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
export interface NotedPuts {
  readonly kind: RecordKind;
  readonly statements: NoteStatements;
  readonly changes: readonly number[];
  readonly revisions: readonly number[];
  /** Of the past only, which has others between them. */
  readonly positions: readonly number[];
}

/** @param at A moment of the past: only of records that have not been written since. */
export function notePuts(
  kind: RecordKind,
  statements: NoteStatements,
  handlerId: string | undefined,
  at?: Revision,
): NotedPuts {
  const changes: number[] = [];
  const revisions: number[] = [];
  const positions: number[] = [];
  for (const [revision, change, position] of listPuts(statements, handlerId, at)) {
    changes.push(change);
    revisions.push(revision);
    if (at !== undefined) positions.push(position);
  }
  return { kind, statements, changes, revisions, positions };
}

function listPuts(
  { list, listOfHandler }: NoteStatements,
  handlerId: string | undefined,
  at: Revision = Number.MAX_SAFE_INTEGER,
): Iterable<LocatedRecord> {
  return handlerId === undefined ? list.iterate(at) : (listOfHandler?.iterate(at, handlerId) ?? []);
}

function* recordsOf(noted: readonly NotedPuts[]): Generator<StoredRecord> {
  for (const puts of noted) for (const i of puts.changes.keys()) yield readNoted(puts, i);
}

/** The one that stands at an index. */
export function readNoted({ kind, statements, changes, revisions }: NotedPuts, i: number): StoredRecord {
  const { selectPut, selectLost } = statements;
  const [change = 0, revision = 0] = [changes[i], revisions[i]];
  const row = selectPut.get(change);
  if (row !== undefined) {
    const [key, ...value] = row;
    return toStoredRecord(kind, [revision, ...value], parseKey(key));
  }
  // A value that is gone is damage, which is told of when the record is decoded; its key says which.
  const [lost] = selectLost.all(revision, change);
  return toKeyedRecord(kind, lost as RecordRow);
}
