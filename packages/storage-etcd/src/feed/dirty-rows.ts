import type { RecordKind, Revision } from '@gati-framework/manifest-store';
import { type KeyTuple, TimeSlice } from '@gati-framework/manifest-store/backend';
import type { LogChange, LogCommit } from '../store/log.js';
import { nameOfKey } from '../store/row.js';

/** A record whose row in etcd may be older than the log. */
export interface DirtyRow {
  readonly kind: RecordKind;
  readonly key: KeyTuple;
  /** Of its last change. */
  readonly revision: Revision;
}

/** Which rows in etcd do not tell of the log yet. */
export class DirtyRows {
  readonly #rows = new Map<string, DirtyRow>();
  /** Of the last commit that cleared the store, 0 where none did since the rows were written. */
  #cleared: Revision = 0;

  get cleared(): Revision {
    return this.#cleared;
  }

  note({ revision }: LogCommit, change: LogChange): void {
    if (change.op === 'clear') {
      this.#rows.clear();
      this.#cleared = revision;
      return;
    }
    const { kind, key } = change.op === 'put' ? change.row : change;
    this.#rows.set(`${kind}\0${nameOfKey(key)}`, { kind, key, revision });
  }

  rows(): Iterable<DirtyRow> {
    return this.#rows.values();
  }

  /** The rows tell of everything up to a revision. In slices of time. */
  async forget(indexed: Revision): Promise<void> {
    const slice = new TimeSlice();
    if (this.#cleared <= indexed) this.#cleared = 0;
    for (const [name, { revision }] of this.#rows) {
      if (slice.isOver) await slice.next();
      if (revision <= indexed) this.#rows.delete(name);
    }
  }
}
