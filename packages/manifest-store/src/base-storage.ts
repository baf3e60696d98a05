import { type KeyTuple, RECORD_KIND_NAMES, RECORD_KINDS } from './contract/record-kinds.js';
import type {
  GType,
  HandlerManifest,
  HookManifest,
  TimescapeMetadata,
  Transformer,
  VersionGraph,
} from './contract/records.js';
import type { RecordKind, RecordTypes } from './contract/storage.js';
import type { StorageContract, StorageStats } from './contract/storage-contract.js';
import { bindMethods } from './platform/bind-methods.js';
import { assertKeyField } from './rules/key-rules.js';
import { type PreparedPut, preparePut } from './rules/prepare-change.js';

/** A storage that has the answer at hand gives it at once, any other promises it. */
export type MaybePromise<T> = T | Promise<T>;

/** The kinds of which the contract lists several records, with the fields that they have in common. */
export type ListedFields = {
  readonly manifest: { readonly handlerId: string };
  readonly hookManifest: { readonly [field: string]: never };
  readonly transformer: {
    readonly handlerId: string;
    readonly fromVersion: string;
    readonly toVersion: string;
  };
};

export type ListedKind = keyof ListedFields;

/**
 * What a storage does itself; the rest of the contract follows from it.
 *
 * What is passed has passed every rule. What is thrown, or rejected with,
 * reaches the caller as it is, so it must be a StorageError. Records that are
 * returned are handed out: they must be frozen through and through, and one that
 * cannot be (it holds dates, maps, typed arrays) must be the caller's own, as
 * `snapshot` makes it.
 */
export interface StorageParts {
  /**
   * Stores a record, which is frozen and nobody else's. Under an existing key it
   * replaces the record there, and takes its place in every order. Once this
   * returns, or its promise resolves, every read finds the record.
   */
  put(record: PreparedPut): MaybePromise<unknown>;
  /**
   * The answer to `find`, where it is at hand: a list of the record, or an empty one where there is none.
   * Asked before the key is checked; what cannot be a key is at hand nowhere.
   */
  peek?(kind: RecordKind, first: string, second?: string): readonly object[] | undefined;
  /** The record with this key, whose fields are in the order of `RECORD_KINDS[kind].keyFields`. */
  find(kind: RecordKind, key: KeyTuple): MaybePromise<object | undefined>;
  /**
   * The records of a kind that have these fields, in first-stored order: all of
   * them, where there are none to have.
   */
  list<K extends ListedKind>(kind: K, fields: ListedFields[K]): MaybePromise<readonly object[]>;
  /** How many records of this kind there are. */
  count(kind: RecordKind): number;
  /** Removes every record. */
  clear(): MaybePromise<unknown>;
  /** The last version of a handler, for a storage that finds it without the others. Default: the last of `list`. */
  latest?(handlerId: string): MaybePromise<object | undefined>;
  /** Throws when nothing may be stored any more; asked before a record is looked at. */
  assertOpen?(): void;
  /** Largest record, in bytes of its JSON text. Default: 16 MiB. */
  readonly maxRecordBytes?: number | undefined;
}

/** The contract over these parts: by itself, or as the base of a storage that offers more. */
export class BaseStorage implements StorageContract {
  readonly #parts: StorageParts;

  constructor(parts: StorageParts) {
    this.#parts = parts;
    bindMethods(this);
  }

  async storeManifest(manifest: HandlerManifest): Promise<void> {
    await this.#put('manifest', manifest);
  }

  async getManifest(id: string, version?: string): Promise<HandlerManifest | undefined> {
    if (version !== undefined && version !== '') return this.#one('manifest', id, version);
    assertKeyField(id, 'id');
    return this.#latest(id);
  }

  async getAllManifestVersions(id: string): Promise<HandlerManifest[]> {
    assertKeyField(id, 'id');
    // A stable sort: the order of first storing decides between versions of the same age.
    return [...(await this.#some('manifest', { handlerId: id }))].sort((a, b) => a.createdAt - b.createdAt);
  }

  async storeHookManifest(manifest: HookManifest): Promise<void> {
    await this.#put('hookManifest', manifest);
  }

  async getHookManifest(handlerId: string): Promise<HookManifest | null> {
    return (await this.#one('hookManifest', handlerId)) ?? null;
  }

  async listHookManifests(): Promise<HookManifest[]> {
    return [...(await this.#some('hookManifest', {}))];
  }

  async storeGType(gtype: GType): Promise<void> {
    await this.#put('gtype', gtype);
  }

  async getGType(ref: string): Promise<GType | undefined> {
    return this.#one('gtype', ref);
  }

  async storeTransformer(transformer: Transformer): Promise<void> {
    await this.#put('transformer', transformer);
  }

  async getTransformer(id: string): Promise<Transformer | undefined> {
    return this.#one('transformer', id);
  }

  async getTransformersForVersions(
    handlerId: string,
    fromVersion: string,
    toVersion: string,
  ): Promise<Transformer[]> {
    assertKeyField(handlerId, 'handlerId');
    assertKeyField(fromVersion, 'fromVersion');
    assertKeyField(toVersion, 'toVersion');
    return [...(await this.#some('transformer', { handlerId, fromVersion, toVersion }))];
  }

  async storeVersionGraph(graph: VersionGraph): Promise<void> {
    await this.#put('versionGraph', graph);
  }

  async getVersionGraph(handlerId: string): Promise<VersionGraph | undefined> {
    return this.#one('versionGraph', handlerId);
  }

  async storeTimescapeMetadata(metadata: TimescapeMetadata): Promise<void> {
    await this.#put('timescapeMetadata', metadata);
  }

  async getTimescapeMetadata(handlerId: string, version: string): Promise<TimescapeMetadata | undefined> {
    return this.#one('timescapeMetadata', handlerId, version);
  }

  async clear(): Promise<void> {
    await this.#parts.clear();
  }

  getStats(): StorageStats {
    return statsOf((kind) => this.#parts.count(kind));
  }

  #put<K extends RecordKind>(kind: K, record: RecordTypes[K]): MaybePromise<unknown> {
    this.#parts.assertOpen?.();
    return this.#parts.put(preparePut(kind, record, this.#parts.maxRecordBytes));
  }

  #one<K extends RecordKind>(
    kind: K,
    first: string,
    second?: string,
  ): MaybePromise<RecordTypes[K] | undefined> {
    const known = this.#parts.peek?.(kind, first, second);
    if (known !== undefined) return ofKind(known[0]);
    return ofKind(this.#parts.find(kind, checkedKey(kind, first, second)));
  }

  #latest(handlerId: string): MaybePromise<HandlerManifest | undefined> {
    if (this.#parts.latest === undefined) {
      return this.getAllManifestVersions(handlerId).then((versions) => versions.at(-1));
    }
    return ofKind(this.#parts.latest(handlerId));
  }

  #some<K extends ListedKind>(kind: K, fields: ListedFields[K]): MaybePromise<readonly RecordTypes[K][]> {
    return ofKind(this.#parts.list(kind, fields));
  }
}

/** What parts hand out is of the kind that they were asked for, which the compiler cannot know. */
function ofKind<T>(handedOut: MaybePromise<object | undefined>): MaybePromise<T> {
  return handedOut as MaybePromise<T>;
}

/** What the getters call the parts of a key. */
const KEY_ARGUMENTS: { readonly [K in RecordKind]: readonly [string, string?] } = {
  manifest: ['id', 'version'],
  hookManifest: ['handlerId'],
  gtype: ['ref'],
  transformer: ['id'],
  versionGraph: ['handlerId'],
  timescapeMetadata: ['handlerId', 'version'],
};

function checkedKey(kind: RecordKind, first: unknown, second: unknown): KeyTuple {
  const [firstName, secondName] = KEY_ARGUMENTS[kind];
  assertKeyField(first, firstName);
  if (secondName === undefined) return [first];
  assertKeyField(second, secondName);
  return [first, second];
}

/** Counts of kinds as `getStats` tells them. */
export function statsOf(count: (kind: RecordKind) => number): StorageStats {
  const stats = {} as StorageStats;
  for (const kind of RECORD_KIND_NAMES) stats[RECORD_KINDS[kind].count] = count(kind);
  return stats;
}
