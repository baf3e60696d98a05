import type {
  Change,
  CommitOptions,
  GType,
  HandlerManifest,
  HookManifest,
  RecordKind,
  RecordTypes,
  Revision,
  Storage,
  StorageCapabilities,
  StorageError,
  StorageHealth,
  TimescapeMetadata,
  Transformer,
  VersionGraph,
} from '@gati-framework/manifest-store';
import {
  closed,
  conflict,
  gatherChanges,
  isStream,
  type KeyTuple,
  movedOn,
  type PreparedChange,
  type PreparedCommitOptions,
  type PreparedExpectation,
  type PreparedPut,
  prepareChanges,
  prepareCommitOptions,
  preparePut,
  prepareStream,
} from '@gati-framework/manifest-store/backend';
import type { CreateOptions } from '@gati-framework/storage-testkit';
import type { Commit, Disk, Row } from './disk.js';
import { ReferenceReads } from './reference-reads.js';

type Terms = Omit<PreparedCommitOptions, 'expect'>;

const NO_TERMS: Terms = { expectRevision: undefined, note: undefined };

/**
 * A correct storage, cut into steps that a broken one can get wrong. It writes
 * a turn of the event loop after it was asked to, as a database would.
 */
export class ReferenceStorage extends ReferenceReads implements Storage {
  readonly name: string = 'reference';
  readonly capabilities: StorageCapabilities = {
    commit: true,
    entries: true,
    watch: true,
    history: true,
    lifecycle: true,
    persistent: true,
    multiProcess: true,
  };
  protected readonly inFlight: Set<Promise<unknown>> = new Set();
  readonly #listener = (): void => this.hear();

  constructor(disk: Disk, options: CreateOptions = {}) {
    super(disk, options);
    disk.listeners.add(this.#listener);
  }

  async storeManifest(record: HandlerManifest): Promise<void> {
    await this.store('manifest', record);
  }

  async storeHookManifest(record: HookManifest): Promise<void> {
    await this.store('hookManifest', record);
  }

  async storeGType(record: GType): Promise<void> {
    await this.store('gtype', record);
  }

  async storeTransformer(record: Transformer): Promise<void> {
    await this.store('transformer', record);
  }

  async storeVersionGraph(record: VersionGraph): Promise<void> {
    await this.store('versionGraph', record);
  }

  async storeTimescapeMetadata(record: TimescapeMetadata): Promise<void> {
    await this.store('timescapeMetadata', record);
  }

  async clear(): Promise<void> {
    await this.commit([{ clear: true }]);
  }

  async open(): Promise<void> {
    this.assertOpen();
  }

  async close(): Promise<void> {
    this.closed = true;
    this.feed.end();
    await Promise.allSettled(this.inFlight);
    this.disk.listeners.delete(this.#listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async commit(
    changes: readonly Change[] | AsyncIterable<Change>,
    options: CommitOptions = {},
  ): Promise<Revision> {
    this.assertOpen();
    const { maxRecordBytes } = this.options;
    const given = isStream(changes) ? changes : prepareChanges(changes, maxRecordBytes);
    const { expect, ...terms } = prepareCommitOptions(options);
    const prepared = isStream(given) ? await this.gather(given) : given;
    return this.accept(prepared, expect, terms);
  }

  async health(): Promise<StorageHealth> {
    if (this.closed) throw closed();
    try {
      this.assertOpen();
    } catch (error) {
      return { status: 'failed', latency: 0, error: error as StorageError };
    }
    return { status: 'ok', revision: this.disk.revision, latency: 0 };
  }

  protected hear(): void {
    this.feed.wake();
  }

  // Steps of a write.

  protected async store<K extends RecordKind>(kind: K, record: RecordTypes[K]): Promise<void> {
    this.assertOpen();
    await this.accept([this.prepare(kind, record) as PreparedPut], []);
  }

  protected prepare<K extends RecordKind>(kind: K, record: RecordTypes[K]): PreparedPut<K> {
    return preparePut(kind, record, this.options.maxRecordBytes);
  }

  protected gather(changes: AsyncIterable<Change>): Promise<PreparedChange[]> {
    return gatherChanges(prepareStream(changes, this.options.maxRecordBytes));
  }

  protected accept(
    changes: readonly PreparedChange[],
    expect: readonly PreparedExpectation[],
    terms: Terms = NO_TERMS,
  ): Promise<Revision> {
    const written = this.write(changes, expect, terms);
    this.inFlight.add(written);
    const forget = (): void => {
      this.inFlight.delete(written);
    };
    written.then(forget, forget);
    return written;
  }

  protected async write(
    changes: readonly PreparedChange[],
    expect: readonly PreparedExpectation[],
    { expectRevision, note }: Terms = NO_TERMS,
  ): Promise<Revision> {
    await turn();
    if (expectRevision !== undefined) this.checkRevision(expectRevision);
    for (const expectation of expect) this.check(expectation);
    return this.applyAll(changes, note);
  }

  protected checkRevision(expected: Revision): void {
    const { revision } = this.disk;
    if (revision !== expected) throw movedOn(expected, revision);
  }

  protected check({ kind, key, revision }: PreparedExpectation): void {
    const actual = this.find(kind, key)?.revision ?? null;
    if (actual !== revision) throw conflict(kind, key, revision, actual);
  }

  protected applyAll(changes: readonly PreparedChange[], note?: string): Revision {
    if (changes.length > 0) {
      const revision = this.disk.revision + 1;
      for (const change of changes) this.apply(change, revision);
      this.record(changes, note);
    }
    return this.disk.revision;
  }

  protected apply(change: PreparedChange, revision: Revision): void {
    if (change.op === 'clear') this.disk.rows = [];
    else if (change.op === 'delete') this.remove(change.kind, change.key);
    else this.put(change, revision);
  }

  protected put({ kind, key, value }: PreparedPut, revision: Revision): void {
    const row = this.find(kind, key);
    if (row === undefined) this.disk.rows.push({ kind, key, value, revision });
    else this.replace(row, value, revision);
  }

  protected replace(row: Row, value: RecordTypes[RecordKind], revision: Revision): void {
    row.value = value;
    row.revision = revision;
    row.isDamaged = false;
  }

  protected remove(kind: RecordKind, key: KeyTuple): void {
    const row = this.find(kind, key);
    this.disk.rows = this.disk.rows.filter((other) => other !== row);
  }

  protected record(changes: readonly PreparedChange[], note?: string): void {
    const revision = this.disk.revision + 1;
    this.disk.commits.push({ revision, committedAt: Date.now(), note, changes });
    this.remember(revision);
    this.trim(this.options.historyLimit ?? Number.POSITIVE_INFINITY);
    this.tell();
  }

  /** Keeps the records as they are now. */
  protected remember(revision: Revision): void {
    this.disk.moments.set(
      revision,
      this.disk.rows.map((row) => ({ ...row })),
    );
  }

  /** Keeps at least this many changes, and what is younger than the age. */
  protected trim(limit: number): void {
    if (limit === Number.POSITIVE_INFINITY) return;
    let kept = this.disk.commits.reduce((sum, { changes }) => sum + changes.length, 0);
    for (;;) {
      const [oldest] = this.disk.commits;
      if (oldest === undefined || kept - oldest.changes.length < limit || this.isYoung(oldest)) return;
      kept -= oldest.changes.length;
      this.disk.commits.shift();
      this.disk.moments.delete(this.disk.dropped);
      this.disk.dropped += 1;
    }
  }

  protected isYoung({ committedAt }: Commit): boolean {
    const { historyAge } = this.options;
    return historyAge !== undefined && Date.now() - committedAt <= historyAge;
  }

  protected tell(): void {
    for (const listener of [...this.disk.listeners]) listener();
  }
}

/** The next turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
