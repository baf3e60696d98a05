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
import { ChangeFeed } from '../feed/change-feed.js';
import { bindMethods } from '../platform/bind-methods.js';
import { closed, conflict } from '../rules/common-errors.js';
import { assertKeyField } from '../rules/key-rules.js';
import { decideOptions, type OptionRules, optionRules } from '../rules/option-rules.js';
import { readFilter, readOptions } from '../rules/options.js';
import {
  type PreparedChange,
  type PreparedExpectation,
  prepareChanges,
  prepareExpectations,
  preparePut,
  prepareRecordKey,
} from '../rules/prepare-change.js';
import { DEFAULT_MAX_RECORD_BYTES } from '../rules/snapshot.js';
import { CommitEvents } from './commit-events.js';
import { CommitHistory, type KeptCommit } from './commit-history.js';
import { toEntry } from './memory-entry.js';
import { type RecordTable, readSlot, type Slot } from './memory-tables.js';
import { StoreTables } from './store-tables.js';

export interface InMemoryStorageOptions {
  /** Largest record, in bytes of its JSON text. Default: 16 MiB. */
  maxRecordBytes?: number;
  /** How many changes `watch` can replay. Default: 10,000. The latest commit is always kept whole. */
  historyLimit?: number;
  /** How much heap the replayable changes may take, in bytes, about. Default: 64 MiB. */
  historyBytes?: number;
}

const OPTION_RULES: OptionRules<Required<InMemoryStorageOptions>> = {
  maxRecordBytes: optionRules.count(DEFAULT_MAX_RECORD_BYTES),
  historyLimit: optionRules.count(10_000),
  historyBytes: optionRules.count(64 * 1024 * 1024),
};

const CAPABILITIES: StorageCapabilities = Object.freeze({
  commit: true,
  entries: true,
  watch: true,
  lifecycle: true,
  persistent: false,
  multiProcess: false,
});

/**
 * A storage that keeps everything in this process and loses it with the
 * process. Every lookup costs the same however many records there are.
 */
export function createInMemoryStorage(options: InMemoryStorageOptions = {}): Storage {
  return new InMemoryStorage(options);
}

class InMemoryStorage implements Storage {
  readonly name = 'memory';
  readonly capabilities = CAPABILITIES;
  readonly #maxRecordBytes: number;
  readonly #tables = new StoreTables();
  readonly #history: CommitHistory;
  readonly #feed: ChangeFeed<KeptCommit>;
  #closed = false;

  constructor(options: InMemoryStorageOptions) {
    const { maxRecordBytes, historyLimit, historyBytes } = decideOptions(options, OPTION_RULES);
    this.#maxRecordBytes = maxRecordBytes;
    this.#history = new CommitHistory({ changes: historyLimit, bytes: historyBytes });
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
    this.#apply([{ op: 'clear' }]);
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

  async commit(changes: readonly Change[], options: CommitOptions = {}): Promise<Revision> {
    this.#assertOpen();
    const { expect } = readOptions(options, ['expect']);
    const prepared = prepareChanges(changes, this.#maxRecordBytes);
    for (const expectation of prepareExpectations(expect)) this.#check(expectation);
    if (prepared.length > 0) this.#apply(prepared);
    return this.#history.revision;
  }

  async get<K extends RecordKind>(recordKey: RecordKey<K>): Promise<Entry<K> | undefined> {
    this.#assertOpen();
    const { kind, key } = prepareRecordKey(recordKey);
    const slot = this.#tables.find(kind, key);
    return slot && toEntry(slot);
  }

  async *entries(filter: EntryFilter = {}): AsyncIterableIterator<Entry> {
    this.#assertOpen();
    const { kinds, handlerId } = readFilter(filter);
    for (const slot of this.#tables.list(kinds, handlerId)) {
      this.#assertOpen();
      yield toEntry(slot);
    }
  }

  watch(options: WatchOptions = {}): AsyncIterableIterator<StorageEvent> & AsyncDisposable {
    return this.#feed.watch(() => {
      this.#assertOpen();
      return this.#history.revision;
    }, options);
  }

  async stats(): Promise<StorageStats & { revision: Revision }> {
    return { ...this.getStats(), revision: this.#history.revision };
  }

  async health(): Promise<StorageHealth> {
    this.#assertOpen();
    return { status: 'ok', revision: this.#history.revision, latency: 0 };
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
    this.#apply([preparePut(kind, record, this.#maxRecordBytes)]);
  }

  #check({ kind, key, revision: expected }: PreparedExpectation): void {
    const actual = this.#tables[kind].get(key[0], key[1])?.revision ?? null;
    if (actual !== expected) throw conflict(kind, key, expected, actual);
  }

  /** Cannot fail: everything that could be refused was refused before. */
  #apply(changes: readonly PreparedChange[]): void {
    this.#history.append(changes);
    this.#tables.apply(changes, this.#history.revision);
    this.#feed.wake();
  }

  #assertOpen(): void {
    if (this.#closed) throw closed();
  }
}
