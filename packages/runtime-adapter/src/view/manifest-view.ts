import {
  type HandlerManifest,
  type Revision,
  StorageError,
  type StorageLogger,
  type TimescapeMetadata,
  type Transformer,
  type VersionGraph,
} from '@gati-framework/manifest-store';
import { bindMethods, closed } from '@gati-framework/manifest-store/backend';
import { Heartbeat } from '../follow/heartbeat.js';
import { type FollowedStorage, StoreFollower } from '../follow/store-follower.js';
import { normalizePath } from '../routes/normalize-path.js';
import { readParams } from '../routes/route-pattern.js';
import { ShownStore, type ViewChange } from './shown-store.js';
import type { Tables } from './tables.js';
import { readViewOptions } from './view-options.js';
import type { ViewState } from './view-state.js';

const NONE: readonly never[] = Object.freeze([]);

/** What answers to a request. */
export interface RouteMatch {
  /** The version that is in force. */
  readonly manifest: HandlerManifest;
  /** The parameters of its path, decoded. */
  readonly params: Record<string, string>;
}

export interface ManifestViewOptions {
  /** How often the store is asked how far it is, in milliseconds, in case its feed has gone silent. Default: 5,000. */
  checkInterval?: number;
  /** Is told when the view falls behind, fails and recovers, and of listeners that throw. Default: nobody. */
  logger?: StorageLogger;
}

/**
 * What a router asks of a store, answered at once and from memory: nothing here waits, so nothing holds up a
 * request. A view shows each commit whole, in the order of revisions, and never an older state than before.
 * Everything that it hands out is frozen and shared by all who ask.
 *
 * Before `open()` has resolved its questions throw `STORAGE_NOT_OPEN`, and after `close()` `STORAGE_CLOSED`.
 */
export interface ManifestView extends AsyncDisposable {
  /**
   * Reads the store and follows it from then on. Resolves when all of it is shown; rejects with the
   * `StorageError` that says why it cannot be read, and may be called again then.
   */
  open(): Promise<void>;
  /** Ends the following; the storage stays open. May be called twice. */
  close(): Promise<void>;
  /** One version of a handler, or the latest. */
  getManifest(handlerId: string, version?: string): HandlerManifest | undefined;
  /** All versions of a handler, oldest first. */
  getManifestVersions(handlerId: string): readonly HandlerManifest[];
  getVersionGraph(handlerId: string): VersionGraph | undefined;
  getTimescapeMetadata(handlerId: string, version: string): TimescapeMetadata | undefined;
  /** Of all versions of a handler, in no certain order. */
  listTimescapeMetadata(handlerId: string): readonly TimescapeMetadata[];
  getTransformer(id: string): Transformer | undefined;
  /** In first-stored order. */
  getTransformersForVersions(
    handlerId: string,
    fromVersion: string,
    toVersion: string,
  ): readonly Transformer[];
  /**
   * What answers to a method, in capitals, and a path without its query. Of several handlers it is the one that was stored first, as in
   * the router of the runtime, and of its versions the one that its graph calls current, or without a graph the latest.
   * Other active versions answer to what only they answer to. A path with a parameter that cannot be decoded matches nothing.
   */
  match(method: string, path: string): RouteMatch | undefined;
  /** Ids of all handlers that have a manifest or a version graph, in no certain order. */
  handlerIds(): readonly string[];
  /** How the view is. */
  readonly state: ViewState;
  /**
   * Resolves when a commit is shown, as that of `storage.commit()`; rejects when the view is closed or the signal aborted.
   * A revision that the store does not come to is waited for for ever.
   */
  reached(revision: Revision, options?: { readonly signal?: AbortSignal }): Promise<void>;
  /** Calls a listener after each commit that is shown. @returns How it is told no more. */
  onChange(listener: (change: ViewChange) => void): () => void;
}

/**
 * A synchronous view of a storage for those who route requests. It is kept up to date by `watch`, so it works with
 * every storage that has `entries`, `stats` and `watch`.
 *
 * @example
 * import { createManifestView } from '@gati-framework/runtime-adapter';
 *
 * const view = createManifestView(storage);
 * await view.open();
 * const match = view.match('GET', '/users/7');
 * console.log(match?.manifest.handlerId, match?.params['id']);
 *
 * @throws StorageError `INVALID_OPTIONS` for what is no such storage, and for unknown options.
 */
export function createManifestView(
  storage: FollowedStorage,
  options: ManifestViewOptions = {},
): ManifestView {
  return new FollowedView(storage, options);
}

class FollowedView implements ManifestView {
  readonly #storage: FollowedStorage;
  readonly #checkInterval: number;
  readonly #shown: ShownStore;
  #follower: StoreFollower | undefined;
  #heartbeat: Heartbeat | undefined;
  #opening: Promise<void> | undefined;
  #isClosed = false;

  constructor(storage: FollowedStorage, options: ManifestViewOptions) {
    const { checkInterval, logger } = readViewOptions(storage, options);
    this.#storage = storage;
    this.#checkInterval = checkInterval;
    this.#shown = new ShownStore(logger);
    bindMethods(this);
  }

  get state(): ViewState {
    return this.#shown.state.state;
  }

  async open(): Promise<void> {
    if (this.#isClosed) throw closed();
    this.#opening ??= this.#open();
    await this.#opening;
  }

  async #open(): Promise<void> {
    const follower = new StoreFollower(this.#storage, this.#shown);
    this.#follower = follower;
    try {
      await follower.start();
    } catch (error) {
      this.#opening = undefined;
      if (error instanceof StorageError && !this.#isClosed) this.#shown.failed(error);
      throw error;
    }
    if (this.#isClosed) throw closed();
    const ask = () => follower.compare();
    this.#heartbeat = new Heartbeat(ask, this.#checkInterval, (error) => this.#shown.failed(error));
  }

  async close(): Promise<void> {
    if (!this.#isClosed) {
      this.#isClosed = true;
      this.#heartbeat?.stop();
      this.#shown.close(closed());
    }
    await this.#follower?.stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  getManifest(handlerId: string, version = ''): HandlerManifest | undefined {
    const handler = this.#tables().handlers.get(handlerId);
    if (handler === undefined) return undefined;
    if (version === '') return handler.versions[handler.versions.length - 1];
    return handler.manifests.get(version)?.value;
  }

  getManifestVersions(handlerId: string): readonly HandlerManifest[] {
    return this.#tables().handlers.get(handlerId)?.versions ?? NONE;
  }

  getVersionGraph(handlerId: string): VersionGraph | undefined {
    return this.#tables().handlers.get(handlerId)?.graph;
  }

  getTimescapeMetadata(handlerId: string, version: string): TimescapeMetadata | undefined {
    return this.#tables().handlers.get(handlerId)?.metadata?.get(version);
  }

  listTimescapeMetadata(handlerId: string): readonly TimescapeMetadata[] {
    return [...(this.#tables().handlers.get(handlerId)?.metadata?.values() ?? NONE)];
  }

  getTransformer(id: string): Transformer | undefined {
    return this.#tables().transformers.get(id)?.value;
  }

  getTransformersForVersions(
    handlerId: string,
    fromVersion: string,
    toVersion: string,
  ): readonly Transformer[] {
    const handler = this.#tables().handlers.get(handlerId);
    return handler?.pairs?.get(fromVersion)?.get(toVersion) ?? NONE;
  }

  match(method: string, path: string): RouteMatch | undefined {
    const normal = normalizePath(path);
    const route = this.#tables().routes.find(method, normal);
    if (route === undefined) return undefined;
    const params = readParams(normal, route.pattern);
    return params === undefined ? undefined : { manifest: route.manifest, params };
  }

  handlerIds(): readonly string[] {
    const handlers = [...this.#tables().handlers.values()];
    return handlers.flatMap(({ handlerId, versions, graph }) =>
      versions.length > 0 || graph !== undefined ? [handlerId] : [],
    );
  }

  async reached(revision: Revision, { signal }: { readonly signal?: AbortSignal } = {}): Promise<void> {
    if (this.#isClosed) throw closed();
    await this.#shown.waiters.wait(revision, signal);
  }

  onChange(listener: (change: ViewChange) => void): () => void {
    this.#shown.listeners.add(listener);
    return () => void this.#shown.listeners.delete(listener);
  }

  #tables(): Tables {
    const { tables } = this.#shown;
    if (tables !== undefined) return tables;
    if (this.#isClosed) throw closed();
    throw new StorageError('STORAGE_NOT_OPEN', 'The view is not open. Await its open() before you ask it.');
  }
}
