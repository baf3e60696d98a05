import { type Revision, StorageError, type StorageLogger } from '@gati-framework/manifest-store';
import {
  closed,
  invalidOption,
  isOfNoHandler,
  type Timer,
  timers,
} from '@gati-framework/manifest-store/backend';
import { VersionRegistry } from '@gati-framework/runtime/timescape/registry';
import type {
  TimescapeArtifact,
  TSV,
  VersionInfo,
  VersionStatus,
  VersionTag,
} from '@gati-framework/runtime/timescape/types';
import type { FollowedStorage } from '../follow/store-follower.js';
import { createManifestView, type ManifestView } from '../view/manifest-view.js';
import type { ViewChange } from '../view/shown-store.js';
import { artifactHandler, artifactIn, artifactRecord, isKept, TRACKED } from './artifacts.js';
import { ChangeQueue } from './change-queue.js';
import { type EditedStorage, editRecords } from './edited-records.js';
import {
  activating,
  type HandlerEdit,
  registering,
  tagging,
  unknownVersion,
  untagging,
} from './graph-edits.js';
import { readRegistryOptions, type VersionRegistryOptions } from './registry-options.js';
import { Timelines } from './timelines.js';
import { UsageCounts } from './usage-counts.js';
import { UsageWriter } from './usage-writer.js';

/** What of a storage a registry uses. */
export type RegistryStorage = FollowedStorage & EditedStorage;

/**
 * The version registry of the runtime, kept in a storage and shared by all who use that. It is a `VersionRegistry`, so
 * whatever of the runtime takes one takes this: `gctx.timescape.registry`, `EnhancedRouteManager`, resolvers.
 *
 * What the runtime calls a handler path is the `handlerId` of the records. Versions and labels stand in version
 * graphs, requests in the metrics of Timescape metadata. Questions are answered at once, from memory. A change shows at once
 * in this process and is committed then: its promise resolves when it is stored, and rejects when it is refused,
 * and the change is gone again. Whoever ignores the promise, as the runtime does, is told by no error.
 */
export class StoredVersionRegistry extends VersionRegistry {
  readonly #storage: RegistryStorage;
  readonly #view: ManifestView;
  readonly #ownsView: boolean;
  readonly #usageInterval: number;
  readonly #logger: StorageLogger | undefined;
  readonly #usage: UsageCounts = new UsageCounts();
  readonly #timelines: Timelines;
  readonly #writer: UsageWriter;
  readonly #queue: ChangeQueue;
  #opening: Promise<void> | undefined;
  #timer: Timer | undefined;
  #forgetListener: () => void = () => {};
  #isClosed = false;
  #closing: Promise<void> | undefined;

  constructor(storage: RegistryStorage, options: VersionRegistryOptions = {}) {
    const { view, usageInterval, classification, logger } = readRegistryOptions(storage, options);
    const empty = () => Object.create(null);
    // Without a prototype, whose fields would be handlers, labels and modules.
    super(
      {
        handlers: empty(),
        tags: empty(),
        modules: empty(),
        schemas: empty(),
        routes: empty(),
        events: empty(),
        effects: empty(),
      },
      classification,
    );
    this.#storage = storage;
    this.#ownsView = view === undefined;
    this.#view = view ?? createManifestView(storage, logger === undefined ? {} : { logger });
    this.#usageInterval = usageInterval;
    this.#logger = logger;
    const config = () => this.getClassificationConfig();
    this.#timelines = new Timelines(super.getAll(), this.#view, this.#usage, config);
    this.#writer = new UsageWriter(storage, this.#view, this.#usage, this.#timelines);
    this.#queue = new ChangeQueue(storage, (edits, revision) => this.#settle(edits, revision));
  }

  /** Reads the store and follows it from then on. Rejects when it cannot be read, and may be called again then. */
  async open(): Promise<void> {
    if (this.#isClosed) throw closed();
    this.#opening ??= this.#open();
    await this.#opening;
  }

  async #open(): Promise<void> {
    try {
      await this.#view.open();
    } catch (error) {
      this.#opening = undefined;
      throw error;
    }
    if (this.#isClosed) throw closed();
    this.#forgetListener = this.#view.onChange((change) => this.#hear(change));
    this.#timelines.rebuildAll();
    this.#readArtifacts();
    this.#timer = timers.setInterval(() => void this.#tick(), this.#usageInterval);
    this.#timer.unref?.();
  }

  /** Stores what was counted and changed so far, and ends the following. The storage stays open. May be called twice. */
  async close(): Promise<void> {
    this.#closing ??= this.#close();
    await this.#closing;
  }

  async #close(): Promise<void> {
    this.#isClosed = true;
    timers.clearInterval(this.#timer);
    try {
      await this.#queue.idle();
      if (this.#timer !== undefined) await this.#writer.write();
    } finally {
      this.#forgetListener();
      if (this.#ownsView) await this.#view.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Resolves when all changes so far are stored, and the requests that were counted, too. */
  async flush(): Promise<void> {
    await this.#queue.idle();
    await this.#writer.write();
  }

  /** Stores a version of a handler. A version that is there already is given what is new about it; counts are not taken over. */
  override registerVersion(handlerPath: string, tsv: TSV, metadata: Partial<VersionInfo>): Promise<void> {
    return this.#change(registering(handlerPath, tsv, metadata));
  }

  /** Puts a label to a version: it is taken from the version of the same handler that had it. */
  override tagVersion(tsv: TSV, label: string, createdBy = 'system'): Promise<void> {
    const known = this.#timelines.get(tsv);
    if (known === undefined) return handled(Promise.reject(unknownVersion(tsv)));
    return this.#change(tagging(known.handlerId, tsv, label, createdBy));
  }

  /** Takes a label from the versions of all handlers, or of one. `flush()` says when that is stored. */
  override untagVersion(label: string, handlerPath?: string): boolean {
    const ids = handlerPath === undefined ? this.#timelines.handlerIds() : [handlerPath];
    const labelled = ids.filter((id) => this.#timelines.tagsOf(id).some((tag) => tag.label === label));
    for (const id of labelled) void this.#change(untagging(id, label));
    return labelled.length > 0;
  }

  /** Deactivates a version: it is decommissioned, and cold whoever asks for it, until `updateVersionStatus` says otherwise. */
  override markCold(tsv: TSV): Promise<void> {
    return this.updateVersionStatus(tsv, 'cold');
  }

  /** `cold` deactivates a version, and anything else activates it; whether it is hot or warm is decided by age and use. */
  override updateVersionStatus(tsv: TSV, status: VersionStatus): Promise<void> {
    const known = this.#timelines.get(tsv);
    if (known === undefined) return handled(Promise.reject(unknownVersion(tsv)));
    return this.#change(activating(known.handlerId, tsv, status !== 'cold'));
  }

  /** Counts a request. Counts are written once a minute at most, so a process that is killed loses at most those of that minute. */
  override recordRequest(tsv: TSV): void {
    const known = this.#timelines.get(tsv);
    if (known === undefined) return;
    const now = Date.now();
    this.#usage.record(tsv, now);
    this.#timelines.reclassify(known, now);
  }

  override reclassifyAllVersions(): void {
    this.#timelines.rebuildAll();
  }

  /** The version of a handler that was the newest then, by when versions were deployed. Seconds since the epoch, as in their names. */
  override getVersionAt(handlerPath: string, timestamp: number): TSV | undefined {
    return this.getVersions(handlerPath).findLast((version) => version.timestamp <= timestamp)?.tsv;
  }

  /** The version that the graph calls current: after a roll-back, not the newest one. */
  getCurrentVersion(handlerPath: string): TSV | undefined {
    const graph = this.#timelines.graph(handlerPath);
    return this.getVersions(handlerPath).find(({ tsv }) => {
      return this.#timelines.get(tsv)?.node.version === graph?.currentVersion;
    })?.tsv;
  }

  override getVersionByTag(handlerPath: string, tag: string): TSV | undefined {
    return this.getVersions(handlerPath).find(({ tags }) => tags.includes(tag))?.tsv;
  }

  override getVersionInfo(tsv: TSV): VersionInfo | undefined {
    const known = this.#timelines.get(tsv);
    return known === undefined ? undefined : { ...known.info };
  }

  /** Of all handlers: two of them may have one label each. */
  override getAllTags(): VersionTag[] {
    return this.#timelines.handlerIds().flatMap((id) => this.#timelines.tagsOf(id));
  }

  /** Stores which version of a module, a schema and the like there is. */
  override register(artifact: TimescapeArtifact): Promise<void> {
    super.register(artifact);
    return handled(this.#storeArtifact(artifact));
  }

  override getHistory(type: TimescapeArtifact['type'], id: string): TSV[] {
    return [...(artifactIn(this.#view.getTimescapeMetadata(artifactHandler(type), id))?.history ?? [])];
  }

  async #storeArtifact(artifact: TimescapeArtifact): Promise<void> {
    this.#assertOpen();
    const handlerId = artifactHandler(artifact.type);
    const revision = await editRecords(this.#storage, async (records) => {
      const before = artifactIn(await records.metadata(handlerId, artifact.id));
      if (before?.artifact.version === artifact.version) return;
      records.put('timescapeMetadata', artifactRecord(artifact, before));
    });
    if (revision !== undefined) await this.#view.reached(revision);
  }

  #change(edit: HandlerEdit): Promise<void> {
    return handled(this.#submit(edit));
  }

  async #submit(edit: HandlerEdit): Promise<void> {
    this.#assertOpen();
    if (isOfNoHandler(edit.handlerId))
      throw invalidOption('handlerPath', 'begins with a name that is reserved');
    this.#timelines.foresee(edit);
    await this.#queue.add(edit);
  }

  #assertOpen(): void {
    if (this.#isClosed) throw closed();
    if (this.#timer !== undefined) return;
    throw new StorageError(
      'STORAGE_NOT_OPEN',
      'The registry is not open. Await its open() before you change it.',
    );
  }

  /** What was foreseen is what the view shows from here on. */
  async #settle(edits: readonly HandlerEdit[], revision: Revision | undefined): Promise<void> {
    if (revision !== undefined) await this.#view.reached(revision).catch(() => {});
    this.#timelines.forget(edits);
  }

  #hear({ handlers }: ViewChange): void {
    if (handlers === 'all') this.#timelines.rebuildAll();
    else for (const handlerId of handlers) this.#timelines.rebuild(handlerId);
    const all = handlers === 'all' ? [] : [...handlers];
    if (handlers === 'all' || all.some(isOfNoHandler)) this.#readArtifacts();
  }

  #readArtifacts(): void {
    for (const type of TRACKED) {
      for (const metadata of this.#view.listTimescapeMetadata(artifactHandler(type))) {
        const artifact = artifactIn(metadata)?.artifact;
        if (artifact !== undefined && this.#registered(artifact) !== artifact.version)
          super.register(artifact);
      }
    }
  }

  #registered({ type, id }: TimescapeArtifact): TSV | null | undefined {
    if (type === 'config') return this.getConfigVersion();
    return isKept(type) ? this.get(type, id) : undefined;
  }

  async #tick(): Promise<void> {
    await this.#writer.write().catch((error: unknown) => {
      this.#logger?.warn(
        { error },
        'Requests of versions could not be counted in the store, and will be later',
      );
    });
    await this.#timelines.reclassifyAll();
  }
}

/** Whoever ignores a promise is not ended by its rejection. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
