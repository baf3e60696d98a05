import type {
  Change,
  CommitOptions,
  Entry,
  EntryFilter,
  GType,
  HandlerManifest,
  HookManifest,
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
  StorageStats,
  TimescapeMetadata,
  Transformer,
  VersionGraph,
  WatchOptions,
} from '@gati-framework/manifest-store';
import { StorageError } from '@gati-framework/manifest-store';
import {
  assertKeyField,
  closed,
  isStream,
  prepareChanges,
  prepareCommitOptions,
  preparePut,
  prepareRecordKey,
  readAt,
  readFilter,
  readLogRange,
} from '@gati-framework/manifest-store/backend';
import { carry } from './carry.js';
import type { Fleet, StorageFactory } from './fleet.js';
import { RemoteWatch } from './remote-watch.js';

/**
 * One storage that is really eight: each call goes to the next process of the
 * fleet, so what one process wrote is read by another, and every law must hold
 * between processes.
 */
export class FleetStorage implements Storage {
  readonly name: string;
  readonly capabilities: StorageCapabilities;
  readonly #fleet: Fleet;
  readonly #storage: number;
  readonly #inFlight = new Set<Promise<unknown>>();
  readonly #watches = new Set<RemoteWatch>();
  #iteratorCount = 0;
  #isClosed = false;
  /** What another process counted after the last call; and which of the askings that was. */
  #stats: StorageStats | undefined;
  #statsAsked = 0;
  #statsAnswered = 0;

  /** @param like Made here as the processes make theirs; it is never opened. */
  constructor(fleet: Fleet, like: Storage, factory: StorageFactory) {
    this.#fleet = fleet;
    this.#storage = fleet.newStorage;
    ({ name: this.name, capabilities: this.capabilities } = like);
    void fleet.askAll({ type: 'create', storage: this.#storage, factory });
  }

  readonly storeManifest = (record: HandlerManifest): Promise<void> =>
    this.#store('storeManifest', 'manifest', record);
  readonly storeHookManifest = (record: HookManifest): Promise<void> =>
    this.#store('storeHookManifest', 'hookManifest', record);
  readonly storeGType = (record: GType): Promise<void> => this.#store('storeGType', 'gtype', record);
  readonly storeTransformer = (record: Transformer): Promise<void> =>
    this.#store('storeTransformer', 'transformer', record);
  readonly storeVersionGraph = (record: VersionGraph): Promise<void> =>
    this.#store('storeVersionGraph', 'versionGraph', record);
  readonly storeTimescapeMetadata = (record: TimescapeMetadata): Promise<void> =>
    this.#store('storeTimescapeMetadata', 'timescapeMetadata', record);

  readonly getAllManifestVersions = (id: string): Promise<HandlerManifest[]> =>
    this.#list('getAllManifestVersions', { id });
  readonly getHookManifest = (handlerId: string): Promise<HookManifest | null> =>
    this.#read('getHookManifest', { handlerId });
  readonly listHookManifests = (): Promise<HookManifest[]> => this.#list('listHookManifests', {});
  readonly getGType = (ref: string): Promise<GType | undefined> => this.#read('getGType', { ref });
  readonly getTransformer = (id: string): Promise<Transformer | undefined> =>
    this.#read('getTransformer', { id });
  readonly getVersionGraph = (handlerId: string): Promise<VersionGraph | undefined> =>
    this.#read('getVersionGraph', { handlerId });
  readonly getTimescapeMetadata = (
    handlerId: string,
    version: string,
  ): Promise<TimescapeMetadata | undefined> => this.#read('getTimescapeMetadata', { handlerId, version });

  getManifest(...args: [id: string, version?: string]): Promise<HandlerManifest | undefined> {
    const [id, version] = args;
    return this.#read(
      'getManifest',
      version === undefined || version === '' ? { id } : { id, version },
      args,
    );
  }

  getTransformersForVersions(...args: [string, string, string]): Promise<Transformer[]> {
    const [handlerId, fromVersion, toVersion] = args;
    return this.#list('getTransformersForVersions', { handlerId, fromVersion, toVersion });
  }

  clear(): Promise<void> {
    return this.#write('clear', []);
  }

  getStats(): StorageStats {
    if (this.#isClosed) throw closed();
    if (this.#stats === undefined) throw new StorageError('STORAGE_NOT_OPEN', 'No process has answered yet.');
    return { ...this.#stats };
  }

  /** Opens it in every process at once. */
  async open(): Promise<void> {
    await this.#fleet.askAll({ type: 'call', storage: this.#storage, method: 'open', args: [] });
    await this.#askForStats();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const watch of this.#watches) watch.end();
    await this.#fleet.askAll({ type: 'call', storage: this.#storage, method: 'close', args: [] });
    await Promise.allSettled(this.#inFlight);
  }

  /** Lets the processes forget a closed storage. */
  forget(): void {
    this.#fleet.askAll({ type: 'forget', storage: this.#storage }).catch(() => {}); // stopped meanwhile
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async commit(
    given: readonly Change[] | AsyncIterable<Change>,
    options: CommitOptions = {},
  ): Promise<Revision> {
    const changes = isStream(given) ? await allOf(given) : given;
    const args = carry([changes, options], () => {
      prepareChanges(changes);
      prepareCommitOptions(options);
    });
    return this.#write('commit', args);
  }

  async get<K extends RecordKind>(
    key: RecordKey<K>,
    options: ReadOptions = {},
  ): Promise<Entry<K> | undefined> {
    const args = carry([key, options], () => {
      prepareRecordKey(key);
      readAt(options);
    });
    return this.#call('get', args);
  }

  async *entries(filter: EntryFilter = {}): AsyncIterableIterator<Entry> {
    const args = carry([filter], () => readFilter(filter));
    yield* this.#iterate<Entry>('entries', args);
  }

  async *log(options: LogOptions = {}): AsyncIterableIterator<LogEntry> {
    const args = carry([options], () => readLogRange(options));
    yield* this.#iterate<LogEntry>('log', args);
  }

  watch(options: WatchOptions = {}): AsyncIterableIterator<StorageEvent> {
    const request = { storage: this.#storage, iterator: this.#newIterator() };
    const watch = new RemoteWatch(this.#fleet, request, options, () => this.#askForStats());
    this.#watches.add(watch);
    return watch;
  }

  async stats(): ReturnType<Storage['stats']> {
    const stats = await this.#call<Awaited<ReturnType<Storage['stats']>>>('stats', []);
    await this.#askForStats();
    return { ...stats };
  }

  health(): Promise<StorageHealth> {
    return this.#call('health', []);
  }

  async *#iterate<T>(method: 'entries' | 'log', args: readonly unknown[]): AsyncGenerator<T> {
    const member = this.#fleet.takeTurn();
    const request = { storage: this.#storage, iterator: this.#newIterator() };
    await this.#fleet.ask(member, { type: 'iterate', ...request, method, args });
    try {
      for (;;) {
        const result = await this.#fleet.ask(member, { type: 'next', ...request });
        const { done, value } = result as IteratorResult<T>;
        if (done) return;
        yield value;
      }
    } finally {
      await this.#fleet.ask(member, { type: 'return', ...request });
    }
  }

  #newIterator(): number {
    this.#iteratorCount += 1;
    return this.#storage * 1_000_000 + this.#iteratorCount;
  }

  async #store<K extends RecordKind>(method: string, kind: K, record: RecordTypes[K]): Promise<void> {
    await this.#write(
      method,
      carry([record], () => preparePut(kind, record)),
    );
  }

  /** @param key The arguments by their names, for errors. */
  async #read<T>(method: string, key: Readonly<Record<string, unknown>>, args?: unknown[]): Promise<T> {
    const carried = carry(args ?? Object.values(key), () => {
      for (const [name, value] of Object.entries(key)) assertKeyField(value, name);
    });
    return this.#call(method, carried);
  }

  async #list<T>(method: string, key: Readonly<Record<string, unknown>>): Promise<T[]> {
    return [...(await this.#read<T[]>(method, key))];
  }

  async #call<T>(method: string, args: readonly unknown[]): Promise<T> {
    const member = this.#fleet.takeTurn();
    const request = { type: 'call', storage: this.#storage, method, args } as const;
    const result = await this.#fleet.ask(member, request);
    if (this.#stats === undefined) await this.#askForStats();
    return result as T;
  }

  /** Resolves when yet another process knows the counts. */
  #write<T>(method: string, args: readonly unknown[]): Promise<T> {
    const written = this.#call<T>(method, args).then(async (result) => {
      await this.#askForStats();
      return result;
    });
    this.#inFlight.add(written);
    const forget = (): void => {
      this.#inFlight.delete(written);
    };
    written.then(forget, forget);
    return written;
  }

  async #askForStats(): Promise<void> {
    this.#statsAsked += 1;
    const asking = this.#statsAsked;
    try {
      const stats = await this.#fleet.ask(this.#fleet.takeTurn(), { type: 'count', storage: this.#storage });
      // Askings are answered in any order; a later one knows at least as much.
      if (asking > this.#statsAnswered) this.#stats = stats as StorageStats;
      this.#statsAnswered = Math.max(asking, this.#statsAnswered);
    } catch (error) {
      if (!this.#isClosed) throw error;
    }
  }
}

async function allOf(changes: AsyncIterable<Change>): Promise<Change[]> {
  const all: Change[] = [];
  for await (const change of changes) all.push(change);
  return all;
}
