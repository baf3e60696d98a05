import type { RecordKind, Revision } from '@gati-framework/manifest-store';
import { type KeyTuple, RECORD_KIND_NAMES, TimeSlice } from '@gati-framework/manifest-store/backend';
import type { ScanFilter } from '@gati-framework/storage-kit';
import { isSelected } from '../reads/moment.js';
import type { LogChange } from '../store/log.js';
import type { LogReader } from '../store/read-log.js';
import { nameOfKey, type Row } from '../store/row.js';
import { sortInSlices } from '../store/sort-in-slices.js';

/** How records were before something: only of those that have changed since; null: there was none. */
export class PastRows {
  readonly #rows = new Map<string, Row | null>();
  readonly #slice = new TimeSlice();

  /** Takes back changes, and those that were taken back before, which are older. In slices of time, as all of this. */
  async takeBack(changes: readonly LogChange[]): Promise<void> {
    for (const change of changes) {
      if (change.op === 'clear') {
        for (const row of change.was) await this.#note(row.kind, row.key, row);
        continue;
      }
      const { kind, key } = change.op === 'put' ? change.row : change;
      await this.#note(kind, key, change.was ?? null);
    }
  }

  /** What counts is what the first change after that moment has replaced. */
  async #note(kind: RecordKind, key: KeyTuple, row: Row | null): Promise<void> {
    if (this.#slice.isOver) await this.#slice.next();
    const name = nameOf(kind, key);
    if (!this.#rows.has(name)) this.#rows.set(name, row);
  }

  /** The rows as they were, in the order of a scan, given those that are there now. */
  async list(filter: ScanFilter, now: readonly Row[]): Promise<Row[]> {
    const rows: Row[] = [];
    for (const row of now) {
      if (this.#slice.isOver) await this.#slice.next();
      if (!this.#rows.has(nameOf(row.kind, row.key))) rows.push(row);
    }
    for (const row of this.#rows.values()) {
      if (this.#slice.isOver) await this.#slice.next();
      if (row !== null && isSelected(row, filter)) rows.push(row);
    }
    return sortInSlices(rows, (a, b) => placeOf(a) - placeOf(b) || a.position - b.position);
  }
}

function placeOf({ kind }: Row): number {
  return RECORD_KIND_NAMES.indexOf(kind);
}

function nameOf(kind: RecordKind, key: KeyTuple): string {
  return `${kind}\0${nameOfKey(key)}`;
}

/** The row of a record before the changes after a revision, if one of them concerns it; null: there was none. */
export async function rowBefore(
  log: LogReader,
  kind: RecordKind,
  key: KeyTuple,
  after: Revision,
): Promise<Row | null | undefined> {
  for await (const groups of log.groupsFrom(after + 1)) {
    for (const group of groups) {
      for await (const { changes } of log.commitsOf(group, { from: after + 1 })) {
        for (const change of changes) {
          const found = takenFrom(change, kind, key);
          if (found !== undefined) return found;
        }
      }
    }
  }
  return undefined;
}

function takenFrom(change: LogChange, kind: RecordKind, key: KeyTuple): Row | null | undefined {
  const isIt = (one: { kind: RecordKind; key: KeyTuple }): boolean =>
    one.kind === kind && nameOfKey(one.key) === nameOfKey(key);
  if (change.op === 'clear') return change.was.find(isIt) ?? null;
  return isIt(change.op === 'put' ? change.row : change) ? (change.was ?? null) : undefined;
}
