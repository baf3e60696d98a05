import type { RecordKind } from '@gati-framework/manifest-store';
import { belongsToHandler, RECORD_KINDS, timers } from '@gati-framework/manifest-store/backend';
import type { ScanFilter } from '@gati-framework/storage-kit';
import type { Steps } from '../commit/steps.js';
import { knownKind } from '../sql/known-kind.js';
import type { UndoRow } from '../sql/past-statements.js';
import { parseKey } from '../sql/rows.js';
import type { PastMoment } from './moment.js';
import { SortedRuns } from './sorted-runs.js';

/** The changes that put records which were there at a moment of the past and are not any more, in first-stored order. */
export type PastPuts = ReadonlyMap<RecordKind, SortedRuns>;

/**
 * Finds what was there and was replaced, deleted or cleared since. Whatever has replaced a value says which one, so the
 * changes since tell of each once; but a `clear` does not, so before the first of them is looked for what it took.
 */
export function* gatherPast(moment: PastMoment, filter: ScanFilter): Steps<PastPuts> {
  const { statements, first, end } = moment;
  const found = new FoundPuts(filter, moment.location);
  const pages = new GrowingPages();
  for (let from = first; from < end; ) {
    const rows = pages.read((limit) => statements.past.selectUndoAfter.all(from, end, limit));
    if (rows.length === 0) break;
    for (const row of rows) {
      const [id, operation, , , replaces] = row;
      if (operation === 'clear') {
        yield* gatherCleared(moment, id, found, pages);
        return found.puts;
      }
      if (replaces !== null && replaces < first) found.add(row, replaces);
      from = id + 1;
    }
    yield;
  }
  return found.puts;
}

/** What a `clear` took of that which was there: whatever was put before and not replaced, nor cleared already. */
function* gatherCleared(
  { statements, first }: PastMoment,
  clear: number,
  found: FoundPuts,
  pages: GrowingPages,
): Steps<void> {
  const replaced = new Set<number>();
  for (let before = clear; ; ) {
    const rows = pages.read((limit) => statements.past.selectUndoBefore.all(before, limit));
    for (const row of rows) {
      const [id, operation, , , replaces] = row;
      if (operation === 'clear') return;
      const isThere = operation === 'put' && !replaced.delete(id);
      if (isThere && id < first) found.add(row, id);
      if (replaces !== null) replaced.add(replaces);
      before = id;
    }
    if (rows.length === 0) return;
    yield;
  }
}

class FoundPuts {
  readonly puts: Map<RecordKind, SortedRuns> = new Map();
  readonly #handlerId: string | undefined;
  readonly #location: string;

  constructor({ kinds, handlerId }: ScanFilter, location: string) {
    this.#handlerId = handlerId;
    this.#location = location;
    for (const kind of kinds) {
      if (handlerId === undefined || belongsToHandler(kind)) this.puts.set(kind, new SortedRuns());
    }
  }

  /** @param put The change that put it, of the record that `row` has changed. */
  add([, , kindName, key, , position]: UndoRow, put: number): void {
    const kind = knownKind(kindName, this.#location);
    const runs = this.puts.get(kind);
    if (runs === undefined || position === null || key === null) return;
    // The key of a transformer does not say whose it is; its value does, when it is read.
    const [first] = parseKey(key);
    const saysWhose = RECORD_KINDS[kind].keyFields.includes('handlerId');
    if (this.#handlerId !== undefined && saysWhose && first !== this.#handlerId) return;
    runs.add(position, put);
  }
}

/** Rows are read as many at once as take about a millisecond: behind large values it is few. */
class GrowingPages {
  #limit = 16;

  read(select: (limit: number) => UndoRow[]): UndoRow[] {
    const begun = timers.now();
    const rows = select(this.#limit);
    const taken = timers.now() - begun;
    if (taken < 0.5) this.#limit = Math.min(this.#limit * 2, 1_024);
    if (taken > 1) this.#limit = Math.max(Math.floor(this.#limit / 2), 1);
    return rows;
  }
}
