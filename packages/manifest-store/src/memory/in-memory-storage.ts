import type {
  GType,
  HandlerManifest,
  HookManifest,
  TimescapeMetadata,
  Transformer,
  VersionGraph,
} from '../contract/records.js';
import type {
  Change,
  CommitOptions,
  Entry,
  EntryFilter,
  LogEntry,
  LogOptions,
  ReadOptions,
  RecordKey,
  RecordKind,
  RecordTypes,
  Revision,
  Storage,
  StorageCapabilities,
  StorageEvent,
  StorageHealth,
  WatchOptions,
} from '../contract/storage.js';
import type { StorageStats } from '../contract/storage-contract.js';
import type { StorageFigures } from '../contract/storage-figures.js';
import { ChangeFeed } from '../feed/change-feed.js';
import { bindMethods } from '../platform/bind-methods.js';
import { gatherChanges, prepareGiven } from '../rules/change-stream.js';
import { type PreparedCommitOptions, prepareCommitOptions } from '../rules/commit-options.js';
import { closed } from '../rules/common-errors.js';
import { assertKeyField } from '../rules/key-rules.js';
import { readLogRange } from '../rules/log-range.js';
import { readAt, readFilter } from '../rules/options.js';
import { type PreparedChange, preparePut, prepareRecordKey } from '../rules/prepare-change.js';
import { channels } from '../tracing/channels.js';
import { CommitEvents, toLogEntry } from './commit-events.js';
import { CommitHistory, type KeptCommit } from './commit-history.js';
import { assertTerms, NO_TERMS } from './commit-terms.js';
import { type InMemoryStorageOptions, resolveOptions } from './in-memory-options.js';
import { CAPABILITIES } from './memory-capabilities.js';
import { toEntry } from './memory-entry.js';
import { traceCommit } from './memory-messages.js';
import { type RecordTable, readSlot, type Slot } from './memory-tables.js';
import { StoreTables } from './store-tables.js';
import { PastSlots } from './undo.js';

const { commit: commits } = channels;

/** The storage, of whose commits whoever listens is told. */
export class InMemoryStorage implements Storage {
  readonly name: string = 'memory';
  readonly capabilities: StorageCapabilities = CAPABILITIES;
  readonly #maxRecordBytes: number;
  readonly #tables = new StoreTables();
  readonly #history: CommitHistory;
  readonly #feed: ChangeFeed<KeptCommit>;
  #closed = false;

  constructor(options: InMemoryStorageOptions) {
    const { maxRecordBytes, limits } = resolveOptions(options);
    this.#maxRecordBytes = maxRecordBytes;
    this.#history = new CommitHistory(limits);
    const events = new CommitEvents();
    this.#feed = new ChangeFeed(
      (after) => this.#history.after(after),
      undefined,
      (commit) => events.eventOf(commit),
    );
    bindMethods(this);
  }

  async storeManifest(manifest: HandlerManifest): Promise<void> {
    this.#store('manifest', manifest);
  }

  /** The path of most requests: a record that is there costs two look-ups and a promise. */
  getManifest(id: string, version?: string): Promise<HandlerManifest | undefined> {
    const { manifest } = this.#tables;
    const isLatest = version === undefined || version === '';
    const slot = isLatest ? manifest.versions(id)?.at(-1) : manifest.get(id, version);
    return slot?.frozen ? Promise.resolve(slot.value) : this.#copyOrMiss(slot, id, version);
  }

  async getAllManifestVersions(id: string): Promise<HandlerManifest[]> {
    this.#assertOpen();
    const versions = this.#tables.manifest.versions(id);
    if (versions !== undefined) return versions.map(readSlot);
    assertKeyField(id, 'id');
    return [];
  }

  async storeHookManifest(manifest: HookManifest): Promise<void> {
    this.#store('hookManifest', manifest);
  }

  async getHookManifest(handlerId: string): Promise<HookManifest | null> {
    return this.#read(this.#tables.hookManifest, handlerId, 'handlerId') ?? null;
  }

  async listHookManifests(): Promise<HookManifest[]> {
    this.#assertOpen();
    return Array.from(this.#tables.hookManifest.slots, readSlot);
  }

  async storeGType(gtype: GType): Promise<void> {
    this.#store('gtype', gtype);
  }

  async getGType(ref: string): Promise<GType | undefined> {
    return this.#read(this.#tables.gtype, ref, 'ref');
  }

  async storeTransformer(transformer: Transformer): Promise<void> {
    this.#store('transformer', transformer);
  }

  async getTransformer(id: string): Promise<Transformer | undefined> {
    return this.#read(this.#tables.transformer, id, 'id');
  }

  async getTransformersForVersions(
    handlerId: string,
    fromVersion: string,
    toVersion: string,
  ): Promise<Transformer[]> {
    this.#assertOpen();
    const slots = this.#tables.transformer.between(handlerId, fromVersion, toVersion);
    if (slots !== undefined) return slots.map(readSlot);
    assertKeyField(handlerId, 'handlerId');
    assertKeyField(fromVersion, 'fromVersion');
    assertKeyField(toVersion, 'toVersion');
    return [];
  }

  async storeVersionGraph(graph: VersionGraph): Promise<void> {
    this.#store('versionGraph', graph);
  }

  async getVersionGraph(handlerId: string): Promise<VersionGraph | undefined> {
    return this.#read(this.#tables.versionGraph, handlerId, 'handlerId');
  }

  async storeTimescapeMetadata(metadata: TimescapeMetadata): Promise<void> {
    this.#store('timescapeMetadata', metadata);
  }

  async getTimescapeMetadata(handlerId: string, version: string): Promise<TimescapeMetadata | undefined> {
    this.#assertOpen();
    assertKeyField(handlerId, 'handlerId');
    assertKeyField(version, 'version');
    const slot = this.#tables.timescapeMetadata.get(handlerId, version);
    return slot && readSlot(slot);
  }

  async clear(): Promise<void> {
    this.#assertOpen();
    this.#make([{ op: 'clear' }]);
  }

  getStats(): StorageStats {
    this.#assertOpen();
    return this.#tables.stats();
  }

  async open(): Promise<void> {
    this.#assertOpen();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#feed.end();
    this.#tables.clear();
    this.#history.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async commit(
    changes: readonly Change[] | AsyncIterable<Change>,
    options: CommitOptions = {},
  ): Promise<Revision> {
    this.#assertOpen();
    const given = prepareGiven(changes, this.#maxRecordBytes);
    const terms = prepareCommitOptions(options);
    const prepared = Array.isArray(given) ? given : await gatherChanges(given);
    this.#assertOpen();
    return this.#make(prepared, terms);
  }

  async get<K extends RecordKind>(
    recordKey: RecordKey<K>,
    options: ReadOptions = {},
  ): Promise<Entry<K> | undefined> {
    this.#assertOpen();
    const { kind, key } = prepareRecordKey(recordKey);
    const at = readAt(options);
    const now = this.#tables.find(kind, key);
    const slot = at === undefined ? now : this.#pastOf(at).find(kind, key, now);
    return slot && toEntry(slot);
  }

  async *entries(filter: EntryFilter = {}): AsyncIterableIterator<Entry> {
    this.#assertOpen();
    const { kinds, handlerId, at } = readFilter(filter);
    const past = at === undefined ? undefined : this.#pastOf(at);
    for (const slot of this.#tables.list(kinds, handlerId, past)) {
      this.#assertOpen();
      yield toEntry(slot);
    }
  }

  async *log(options: LogOptions = {}): AsyncIterableIterator<LogEntry> {
    this.#assertOpen();
    const { after, before, reverse, limit, maxChanges } = readLogRange(options);
    const commits = this.#history.range(after, before);
    if (reverse) commits.reverse();
    for (const commit of commits.slice(0, limit)) {
      this.#assertOpen();
      yield toLogEntry(commit, maxChanges);
    }
  }

  watch(options: WatchOptions = {}): AsyncIterableIterator<StorageEvent> & AsyncDisposable {
    return this.#feed.watch(() => {
      this.#assertOpen();
      return this.#history.revision;
    }, options);
  }

  async stats(): Promise<StorageStats & StorageFigures & { revision: Revision; oldestRevision: Revision }> {
    const { revision, oldestRevision } = this.#history;
    return { ...this.getStats(), revision, oldestRevision, history: { commits: revision - oldestRevision } };
  }

  async health(): Promise<StorageHealth> {
    this.#assertOpen();
    const { revision, oldestRevision } = this.#history;
    return { status: 'ok', revision, latency: 0, history: { commits: revision - oldestRevision } };
  }

  async #copyOrMiss(
    slot: Slot<'manifest'> | undefined,
    id: string,
    version: string | undefined,
  ): Promise<HandlerManifest | undefined> {
    this.#assertOpen();
    if (slot !== undefined) return readSlot(slot);
    // Only valid keys are ever stored, so only a miss has to be checked.
    assertKeyField(id, 'id');
    if (version !== undefined && version !== '') assertKeyField(version, 'version');
    return undefined;
  }

  #read<K extends RecordKind>(table: RecordTable<K>, key: string, field: string): RecordTypes[K] | undefined {
    if (this.#closed) throw closed();
    const slot = table.get(key);
    if (slot !== undefined) return readSlot(slot);
    assertKeyField(key, field);
    return undefined;
  }

  #store<K extends RecordKind>(kind: K, record: RecordTypes[K]): void {
    this.#assertOpen();
    this.#make([preparePut(kind, record, this.#maxRecordBytes)]);
  }

  #make(changes: readonly PreparedChange[], terms: PreparedCommitOptions = NO_TERMS): Revision {
    if (!commits.hasSubscribers) return this.#commit(changes, terms);
    return traceCommit(changes, () => this.#commit(changes, terms));
  }

  #commit(changes: readonly PreparedChange[], terms: PreparedCommitOptions): Revision {
    assertTerms(terms, this.#history.revision, this.#tables);
    if (changes.length > 0) this.#apply(changes, terms.note);
    return this.#history.revision;
  }

  /** Cannot fail: everything that could be refused was refused before. */
  #apply(changes: readonly PreparedChange[], note?: string): void {
    const undo = this.#tables.apply(changes, this.#history.revision + 1);
    this.#history.append(changes, note, undo);
    this.#feed.wake();
  }

  #pastOf(at: Revision): PastSlots {
    return new PastSlots(this.#history.undoTo(at));
  }

  #assertOpen(): void {
    if (this.#closed) throw closed();
  }
}
