import {
  type Revision,
  type StorageCapabilities,
  StorageError,
  type StorageWaits,
} from '@gati-framework/manifest-store';
import {
  type AskedState,
  type CommitAnswer,
  type CommitTerms,
  type DriverFigures,
  type DriverListener,
  type EncodedChange,
  type EncodedCommit,
  EVERY_CAPABILITY,
  type LoggedCommit,
  type RecordDriver,
  type RecordPast,
  type RecordQuery,
  type ScanFilter,
  type StoredRecord,
  type StoreState,
} from '@gati-framework/storage-kit';
import type { CommittedGroup } from './commit/commit-answer.js';
import { Committer } from './commit/committer.js';
import { StreamCommitter } from './commit/stream-committer.js';
import { Connections } from './connections/connections.js';
import type { PostgresQuery, PostgresResult } from './connections/postgres-pool.js';
import { DatabaseTroubleLog } from './database-trouble-log.js';
import { behind } from './errors/postgres-error.js';
import { ChangeFollower } from './feed/change-follower.js';
import { HistoryTrimmer } from './feed/history-trimmer.js';
import { Notifier } from './feed/notifier.js';
import { readHistory } from './feed/read-history.js';
import { keepRetention } from './feed/retention.js';
import type { ResolvedOptions } from './options/options.js';
import { storeName } from './options/store-name.js';
import { PostgresPast } from './past/postgres-past.js';
import { toKeyArrays } from './reads/key-arrays.js';
import { ReadBatcher, type RecordName } from './reads/read-batcher.js';
import { Scans } from './reads/scans.js';
import { prepareSchema } from './schema/migrate.js';
import { numberAt, type Row, textOrNullAt } from './sql/row-values.js';
import { headOf, isLeftOut, toStoredRecord, toStoreState } from './sql/rows.js';
import { makeStatements, type Statements, tellsRevision } from './sql/statements.js';

/** A page of the log has at most this many changes, or one commit; it is also bounded by the size of their values. */
const HISTORY_PAGE = 2_000;

/** The records of a store in a PostgreSQL schema. */
export class PostgresRecordDriver implements RecordDriver {
  readonly name = 'postgres';
  readonly location: string | undefined;
  readonly capabilities: StorageCapabilities = EVERY_CAPABILITY;
  readonly past: RecordPast;
  readonly #options: ResolvedOptions;
  readonly #connections: Connections;
  readonly #statements: Statements;
  readonly #follower: ChangeFollower;
  readonly #committer: Committer;
  readonly #streams: StreamCommitter;
  readonly #notifier: Notifier;
  readonly #trimmer: HistoryTrimmer;
  readonly #scans: Scans;
  readonly #reads: ReadBatcher;

  constructor(options: ResolvedOptions) {
    const log = new DatabaseTroubleLog(options.log);
    this.#options = options;
    const store = storeName(options);
    this.location = store.store;
    this.#connections = new Connections(options, log);
    this.#statements = makeStatements(options);
    this.#follower = new ChangeFollower(this.#connections, this.#statements, { ...options, store }, log);
    this.#committer = new Committer(this.#connections, this.#statements, options.lockTimeout);
    this.#streams = new StreamCommitter(this.#connections, this.#statements, options);
    this.#notifier = new Notifier((revision) =>
      this.#follower.send(this.#statements.notify([String(revision)])),
    );
    this.#trimmer = new HistoryTrimmer(this.#connections, this.#statements, log, store);
    this.#scans = new Scans(
      this.#connections,
      this.#statements,
      (revision) => this.#showMoment(revision),
      options,
    );
    this.past = new PostgresPast(this.#statements, this.#scans, {
      rows: (query, revisionOf, assertUsable) => this.#rows(query, revisionOf, assertUsable),
      catchUpTo: (revision) => this.#follower.catchUpTo(revision),
    });
    this.#reads = new ReadBatcher(
      ({ kind, key }, waited) => this.#query({ name: 'byKey', kind, params: key }, waited),
      (names) => this.#byKeys(names),
    );
  }

  open(listener: DriverListener): Promise<StoreState> {
    return this.#connections.retry(async (onUnderWay) => {
      await this.#connections.use(
        (client) => prepareSchema(client, { ...this.#options, store: storeName(this.#options) }),
        onUnderWay,
      );
      this.#trimmer.retention = await this.#connections.use((client) =>
        keepRetention(client, this.#statements, this.#options),
      );
      return this.#follower.start(listener);
    });
  }

  async close(): Promise<void> {
    await this.#notifier.drain();
    this.#follower.stop();
    this.#scans.close();
    this.#trimmer.stop();
    await this.#connections.end();
  }

  catchUp(): boolean {
    return this.#options.consistency === 'cached' && this.#follower.isFresh;
  }

  read(query: RecordQuery, waited?: StorageWaits): Promise<readonly StoredRecord[]> {
    if (query.name !== 'byKey') return this.#query(query, waited);
    return this.#reads.read({ kind: query.kind, key: query.params }, waited);
  }

  async commit(
    commits: readonly EncodedCommit[],
    _onCommitted?: (answer: CommitAnswer) => void,
    waited?: StorageWaits,
  ): Promise<CommitAnswer> {
    if (this.#options.readOnly) throw readOnly();
    const committed = await this.#committer.commit(commits, this.#follower.cursor.revision, waited);
    return this.#noted(
      committed,
      commits.reduce((sum, { changes }) => sum + changes.length, 0),
    );
  }

  async commitStream(
    batches: AsyncIterable<readonly EncodedChange[]>,
    terms: CommitTerms,
  ): Promise<CommitAnswer> {
    if (this.#options.readOnly) throw readOnly();
    const { committed, changeCount } = await this.#streams.commit(batches, terms);
    return this.#noted(committed, changeCount);
  }

  async #noted(committed: CommittedGroup, changeCount: number): Promise<CommitAnswer> {
    const noting = this.#follower.noteOwnCommit(committed);
    // After this process knows of it, which hears its own notifications, too.
    if (committed.last > committed.base) this.#notifier.notify(committed.last);
    this.#trimmer.noteCommit(committed, changeCount);
    return { outcomes: committed.outcomes, state: await noting };
  }

  scan(filter: ScanFilter): AsyncIterable<readonly StoredRecord[]> {
    return this.#scans.scan(filter);
  }

  async history(after: Revision, limit: number): Promise<readonly LoggedCommit[]> {
    const { cursor } = this.#follower;
    const { rows } = await this.#connections.read(
      this.#statements.history([after, HISTORY_PAGE, cursor.revision, limit]),
    );
    const { commits, revision } = await this.#understood(() => readHistory(rows, after, cursor));
    if (revision < cursor.revision) this.#follower.awaitStandby();
    await this.#follower.catchUpTo(revision);
    return commits;
  }

  async state(): Promise<AskedState> {
    const revisionOf = (rows: readonly Row[]): Revision => numberAt(headOf(rows), 1);
    const rows = await this.#rows(this.#statements.state(), revisionOf);
    await this.#follower.catchUpTo(revisionOf(rows));
    const head = headOf(rows);
    return { ...toStoreState(revisionOf(rows), textOrNullAt(head, 2)), oldestRevision: numberAt(head, 3) };
  }

  figures(): DriverFigures {
    const { figures: connections } = this.#connections;
    return { feed: this.#follower.figures, ...(connections && { connections }) };
  }

  async size(): Promise<number | undefined> {
    const { rows } = await this.#connections.read(this.#statements.size());
    return numberAt(headOf(rows), 0);
  }

  /** Whoever is told that the store was replaced reads it anew, and so must the cache. */
  async #understood<T>(read: () => T): Promise<T> {
    try {
      return read();
    } catch (error) {
      await this.#follower.catchUp();
      throw error;
    }
  }

  async #query({ name, kind, params }: RecordQuery, waited?: StorageWaits): Promise<readonly StoredRecord[]> {
    const isByKey = name === 'byKey';
    const values = isByKey ? [kind, params[0], params[1] ?? ''] : [...params];
    const rows = await this.#found(this.#statements.queries[name](values), waited);
    const records: StoredRecord[] = [];
    for (const row of rows) {
      const record = isByKey ? toStoredRecord(kind, row, params) : toStoredRecord(kind, row);
      if (record !== undefined) records.push(record);
    }
    return records;
  }

  /** Undefined where the answer would have become too large. */
  async #byKeys(names: readonly RecordName[]): Promise<(StoredRecord[] | undefined)[]> {
    const rows = await this.#found(this.#statements.byKeys(toKeyArrays(names)));
    headOf(rows);
    return names.map(({ kind, key }, i) => {
      const row = rows[i];
      if (row === undefined || isLeftOut(row)) return undefined;
      const record = toStoredRecord(kind, row, key);
      return record === undefined ? [] : [record];
    });
  }

  /**
   * An answer may show a commit that the feed has yet to bring. It is given
   * only when the feed has, or a cached record would be seen older after it.
   */
  async #found(query: PostgresQuery, waited?: StorageWaits): Promise<Row[]> {
    if (!tellsRevision(this.#options)) {
      return (await this.#connections.read(query, undefined, waited)).rows;
    }
    const revisionOf = (rows: readonly Row[]): Revision => numberAt(headOf(rows), 0);
    const rows = await this.#rows(query, revisionOf, undefined, waited);
    await this.#follower.catchUpTo(revisionOf(rows));
    return rows;
  }

  /** Of standbys that differ in their lag, one that is behind what was seen is waited for. */
  async #rows(
    query: PostgresQuery,
    revisionOf: (rows: readonly Row[]) => Revision,
    assertUsable: (rows: readonly Row[]) => void = () => {},
    waited?: StorageWaits,
  ): Promise<Row[]> {
    const seen = this.#options.readOnly ? this.#follower.seen : 0;
    const assert = (result: PostgresResult): void => {
      if (this.#options.readOnly) this.#assertCaughtUp(revisionOf(result.rows), seen);
      assertUsable(result.rows);
    };
    return (await this.#connections.read(query, assert, waited)).rows;
  }

  async #showMoment(revision: Revision): Promise<void> {
    if (this.#options.readOnly) this.#assertCaughtUp(revision, this.#follower.seen);
    await this.#follower.catchUpTo(revision);
  }

  /** @param seen When the answer was asked for; less, if the store was replaced meanwhile. */
  #assertCaughtUp(revision: Revision, seen: Revision): void {
    const wanted = Math.min(seen, this.#follower.seen);
    if (revision < wanted) throw behind(revision, wanted);
  }
}

function readOnly(): StorageError {
  return new StorageError(
    'STORAGE_READONLY',
    'This storage was created with readOnly; create one without it to write.',
  );
}
