import type { RecordKind } from '@gati-framework/manifest-store';
import { belongsToHandler, RECORD_KINDS } from '@gati-framework/manifest-store/backend';
import type { ScanFilter, StoredRecord } from '@gati-framework/storage-kit';
import type { Steps } from '../commit/steps.js';
import { OrderedRows } from '../reads/ordered-rows.js';
import { pagesOf } from '../reads/pages-of.js';
import { notePuts, readNoted, type ScanPages } from '../reads/scan-pages.js';
import { toKeyedRecord } from '../sql/rows.js';
import type { Reader } from '../sqlite-host.js';
import { gatherPast, type PastPuts } from './gather-past.js';
import { handlerOf } from './handler-of.js';
import type { PastMoment } from './moment.js';
import { readPastPut } from './past-record.js';

/** A record that is still to be read; `undefined` where it turns out not to be asked for. */
interface Placed {
  readonly position: number;
  read(): StoredRecord | undefined;
}

/** Records of a kind that have not changed since, in first-stored order. */
type Unchanged = (kind: RecordKind) => Iterable<Placed>;

/** Pages of the store as it was: what has not changed since, and between it what was there instead of what has. */
export class PastPages implements ScanPages {
  readonly preparation: Steps<void>;
  readonly #moment: PastMoment;
  readonly #filter: ScanFilter;
  readonly #unchanged: Unchanged;
  readonly #onEnd: () => void;
  readonly #pages: Generator<StoredRecord[], undefined>;
  #past: PastPuts = new Map();

  constructor(moment: PastMoment, filter: ScanFilter, unchanged: Unchanged, onEnd: () => void = () => {}) {
    this.#moment = moment;
    this.#filter = filter;
    this.#unchanged = unchanged;
    this.#onEnd = onEnd;
    this.preparation = this.#prepare();
    this.#pages = pagesOf(this.#records());
  }

  next(): IteratorResult<StoredRecord[], undefined> {
    return this.#pages.next();
  }

  end(): void {
    this.#pages.return(undefined);
    this.#onEnd();
  }

  *#prepare(): Steps<void> {
    this.#past = yield* gatherPast(this.#moment, this.#filter);
  }

  *#records(): Generator<StoredRecord> {
    const { kinds, handlerId } = this.#filter;
    for (const kind of kinds) {
      if (handlerId !== undefined && !belongsToHandler(kind)) continue;
      for (const { read } of merge(this.#unchanged(kind), this.#changed(kind))) {
        const record = read();
        if (record !== undefined) yield record;
      }
    }
  }

  *#changed(kind: RecordKind): Generator<Placed> {
    const { handlerId } = this.#filter;
    // What the key does not say, the value does.
    const isAskedFor = (record: StoredRecord): boolean =>
      handlerId === undefined ||
      RECORD_KINDS[kind].keyFields.includes('handlerId') ||
      (handlerOf(record) ?? handlerId) === handlerId;
    for (const [position, id] of this.#past.get(kind)?.inOrder() ?? []) {
      const read = (): StoredRecord | undefined => {
        const record = readPastPut(this.#moment, kind, id);
        return isAskedFor(record) ? record : undefined;
      };
      yield { position, read };
    }
  }
}

/** Read by a connection of their own. @param reader Inside its transaction, which `moment` is of. Closed in the end. */
export function pastReaderPages(reader: Reader, moment: PastMoment, filter: ScanFilter): ScanPages {
  const rows = new OrderedRows(reader.database);
  const unchanged = function* (kind: RecordKind): Generator<Placed> {
    for (const [position, ...row] of rows.read(kind, filter.handlerId, moment.at)) {
      yield { position, read: () => toKeyedRecord(kind, row) };
    }
  };
  return new PastPages(moment, filter, unchanged, () => {
    rows.end();
    reader.close();
  });
}

/** Read by the only connection, which notes what has not changed by now as `ListedPages` does. */
export function pastListedPages(moment: PastMoment, filter: ScanFilter): ScanPages {
  const noted = new Map(
    filter.kinds.map((kind) => [
      kind,
      notePuts(kind, moment.statements.records[kind].notes, filter.handlerId, moment.at),
    ]),
  );
  const unchanged = function* (kind: RecordKind): Generator<Placed> {
    const puts = noted.get(kind);
    if (puts === undefined) return;
    for (const [i, position] of puts.positions.entries()) yield { position, read: () => readNoted(puts, i) };
  };
  return new PastPages(moment, filter, unchanged);
}

/** Both by position. */
function* merge(ones: Iterable<Placed>, others: Iterable<Placed>): Generator<Placed> {
  const rest = others[Symbol.iterator]();
  let other = rest.next();
  for (const one of ones) {
    for (; !other.done && other.value.position < one.position; other = rest.next()) yield other.value;
    yield one;
  }
  for (; !other.done; other = rest.next()) yield other.value;
}
