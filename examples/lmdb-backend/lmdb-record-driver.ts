import { type RecordKind, StorageError } from '@gati-framework/manifest-store';
import { compacted, conflict, type KeyTuple } from '@gati-framework/manifest-store/backend';
import * as kit from '@gati-framework/storage-kit';
import { type Key, open } from 'lmdb';
import { after, handlerOf, keysOf, orderedNames, type Row, type Rows, recordName, rowOf } from './rows.js';

interface State extends kit.StoreState {
  /** The place of the next record that is stored for the first time. */
  readonly nextPlace: number;
  /** The revision that the log begins after, and how many changes are in it. */
  readonly oldest: number;
  readonly logged: number;
}

const EMPTY: State = {
  revision: 0,
  counts: { manifest: 0, hookManifest: 0, gtype: 0, transformer: 0, versionGraph: 0, timescapeMetadata: 0 },
  nextPlace: 1,
  oldest: 0,
  logged: 0,
};

/** One LMDB file, which several processes may have open. */
export class LmdbRecordDriver implements kit.RecordDriver {
  readonly name = 'lmdb';
  readonly capabilities = {
    commit: true,
    entries: true,
    watch: true,
    history: false,
    lifecycle: true,
    persistent: true,
    multiProcess: true,
  };
  readonly #path: string;
  readonly #historyLimit: number;
  #rows!: Rows;
  #listener!: kit.DriverListener;
  /** The newest revision that the listener knows of. */
  #known = 0;

  constructor(path: string, historyLimit: number) {
    this.#path = path;
    this.#historyLimit = historyLimit;
  }

  open(listener: kit.DriverListener): kit.StoreState {
    this.#listener = listener;
    // Durable when a transaction returns; pages with room for keys of three fields of 512 bytes.
    const options = { path: this.#path, noSubdir: true, overlappingSync: false, pageSize: 8192 };
    this.#rows = guarded(() => open<unknown, Key>(options));
    try {
      const state = this.state();
      this.#known = state.revision;
      return state;
    } catch (error) {
      void this.#rows.close(); // an opening that failed is tried again, and leaves nothing open
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#rows.close();
  }

  state(): kit.StoreState {
    return guarded(() => this.#latest());
  }

  catchUp(): boolean {
    guarded(() => this.#hearOf(this.#latest()));
    return true;
  }

  read(query: kit.RecordQuery): kit.StoredRecord[] {
    return guarded(() => {
      this.#rows.resetReadTxn(); // sees what others have committed by now
      return keysOf(this.#rows, query).flatMap((key) => {
        const row = rowOf(this.#rows, query.kind, key);
        return row === undefined ? [] : [recordOf(query.kind, key, row)];
      });
    });
  }

  commit(commits: readonly kit.EncodedCommit[]): { outcomes: kit.CommitOutcome[]; state: kit.StoreState } {
    const result = guarded(() =>
      this.#rows.transactionSync(() => {
        let state = this.#state();
        this.#hearOf(state); // before anything of this commit is there to be cached
        const outcomes = commits.map((commit): kit.CommitOutcome => {
          const error = this.#conflictOf(commit);
          if (error !== undefined) return { error };
          state = this.#apply(state, commit.changes);
          return { revision: state.revision };
        });
        this.#rows.putSync(STATE, state);
        return { outcomes, state };
      }),
    );
    this.#known = result.state.revision;
    return result;
  }

  async *scan({ kinds, handlerId }: kit.ScanFilter): AsyncGenerator<kit.StoredRecord[]> {
    this.#rows.resetReadTxn();
    const transaction = this.#rows.useReadTransaction(); // of one moment, however long it takes
    try {
      let page: kit.StoredRecord[] = [];
      let size = 0;
      for (const kind of kinds) {
        for (const { value } of this.#rows.getRange({ ...after('place', kind), transaction })) {
          const key = value as KeyTuple;
          const row = rowOf(this.#rows, kind, key, transaction) as Row;
          if (handlerId !== undefined && handlerOf(kind, key, row) !== handlerId) continue;
          if (page.length > 0 && size + row.text.length > kit.PAGE_BYTES) {
            yield page;
            page = [];
            size = 0;
          }
          page.push(recordOf(kind, key, row));
          size += row.text.length;
        }
      }
      if (page.length > 0) yield page;
    } finally {
      transaction.done();
    }
  }

  history(revision: number, limit: number): kit.LoggedCommit[] {
    return guarded(() => {
      const { revision: current, oldest } = this.#latest();
      if (revision < oldest || revision > current) throw compacted(revision, oldest, current);
      const page: kit.LoggedCommit[] = [];
      let size = 0;
      for (const commit of this.#commitsAfter(revision)) {
        size += sizeOf(commit);
        if (page.length === limit || (page.length > 0 && size > kit.PAGE_BYTES)) break;
        page.push(commit);
      }
      return page;
    });
  }

  /** As it is now, also within a turn of the event loop, for which LMDB would keep one view of the file. */
  #latest(): State {
    this.#rows.resetReadTxn();
    return this.#state();
  }

  #state(): State {
    return (this.#rows.get(STATE) as State | undefined) ?? EMPTY;
  }

  *#commitsAfter(revision: number): Generator<kit.LoggedCommit> {
    for (const { value } of this.#rows.getRange({ start: ['log', revision + 1], end: after('log').end })) {
      yield value as kit.LoggedCommit;
    }
  }

  /** Tells the listener what others have committed. */
  #hearOf(state: State): void {
    if (state.revision === this.#known) return;
    const changes = [...this.#commitsAfter(this.#known)].flatMap((commit) => commit.changes);
    const isWhole = this.#known >= state.oldest && changes.every(({ op }) => op !== 'clear');
    if (state.revision < this.#known) this.#listener.replaced(state);
    else
      this.#listener.changed(
        state,
        isWhole ? changes.flatMap((one) => (one.op === 'clear' ? [] : [one])) : 'all',
      );
    this.#known = state.revision; // after it was told: what fails before is told again
  }

  #conflictOf({ expect }: kit.EncodedCommit): StorageError | undefined {
    for (const { kind, key, revision } of expect) {
      const actual = rowOf(this.#rows, kind, key)?.revision ?? null;
      if (actual !== revision) return conflict(kind, key, revision, actual);
    }
    return undefined;
  }

  #apply(state: State, changes: readonly kit.EncodedChange[]): State {
    if (changes.length === 0) return state;
    const revision = state.revision + 1;
    const logged = changes.map((change) => {
      if (change.op !== 'put') return change;
      const { columns: _, ...shown } = change;
      return shown;
    });
    this.#rows.putSync(['log', revision], { revision, committedAt: Date.now(), changes: logged });
    const next = { ...state, revision, logged: state.logged + changes.length };
    return this.#trim(changes.reduce((before, change) => this.#applyOne(before, change), next));
  }

  #applyOne(state: State, change: kit.EncodedChange): State {
    if (change.op === 'clear') {
      for (const part of ['record', 'place', 'version', 'between']) this.#removeAll(part);
      return { ...state, counts: EMPTY.counts };
    }
    const { kind, key } = change;
    const before = rowOf(this.#rows, kind, key);
    if (before !== undefined) {
      for (const name of orderedNames(kind, key, before)) this.#rows.removeSync(name);
      this.#rows.removeSync(recordName(kind, key));
    }
    if (change.op === 'delete') return before === undefined ? state : counted(state, kind, -1);
    const { encoding, text, digest, columns } = change;
    const place = before?.place ?? state.nextPlace; // a replaced record keeps its place
    const row: Row = { encoding, text, digest, columns, place, revision: state.revision };
    this.#rows.putSync(recordName(kind, key), row);
    for (const name of orderedNames(kind, key, row)) this.#rows.putSync(name, key);
    return before === undefined ? counted({ ...state, nextPlace: place + 1 }, kind, 1) : state;
  }

  #removeAll(part: string): void {
    const names = [...this.#rows.getKeys({ start: [part], end: [`${part}\x7f`] })];
    for (const name of names) this.#rows.removeSync(name);
  }

  /** Forgets the oldest commits, as long as the limit's worth of changes is left. */
  #trim(state: State): State {
    let { oldest, logged } = state;
    for (; oldest + 1 < state.revision; oldest += 1) {
      const { changes } = this.#rows.get(['log', oldest + 1]) as kit.LoggedCommit;
      if (logged - changes.length < this.#historyLimit) break;
      this.#rows.removeSync(['log', oldest + 1]);
      logged -= changes.length;
    }
    return { ...state, oldest, logged };
  }
}

const STATE: Key = ['state'];

function counted(state: State, kind: RecordKind, by: number): State {
  return { ...state, counts: { ...state.counts, [kind]: state.counts[kind] + by } };
}

function recordOf(
  kind: RecordKind,
  key: KeyTuple,
  { encoding, text, digest, revision }: Row,
): kit.StoredRecord {
  return { kind, key, encoding, text, digest, revision };
}

function sizeOf({ changes }: kit.LoggedCommit): number {
  return changes.reduce((sum, change) => sum + (change.op === 'put' ? change.text.length : 0), 0);
}

/** Errors of LMDB as errors of a storage. */
function guarded<T>(use: () => T): T {
  try {
    return use();
  } catch (cause) {
    if (cause instanceof StorageError) throw cause;
    throw new StorageError('STORAGE_FAILED', `LMDB: ${String(cause)}`, { cause });
  }
}
