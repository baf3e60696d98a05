import type {
  GType,
  HandlerManifest,
  HookManifest,
  TimescapeMetadata,
  Transformer,
  VersionGraph,
} from './records.js';

/** How many records of each kind a store holds. */
export interface StorageStats {
  manifestCount: number;
  gtypeCount: number;
  transformerCount: number;
  versionGraphCount: number;
  timescapeMetadataCount: number;
  hookManifestCount: number;
}

/**
 * The seam between the Gati framework and whatever holds its manifests.
 *
 * What every implementation promises:
 * - keys are compared exactly, code unit by code unit, and a key of two fields
 *   is a tuple: (`a`, `b:c`) and (`a:b`, `c`) are different records;
 * - storing an existing key replaces the record and keeps its place in every order;
 * - what is stored is copied, and what is read is a deep-frozen snapshot that
 *   equals what was stored, except that properties holding `undefined` are dropped;
 * - once a write's promise resolves, every later read through the same object sees it;
 * - failures are {@link StorageError}s; a record or key that cannot be stored is
 *   refused with `INVALID_RECORD` and nothing is changed.
 */
export interface StorageContract {
  /** Stores one version of a handler. Key: (`handlerId`, `version`). */
  storeManifest(manifest: HandlerManifest): Promise<void>;
  /**
   * One version of a handler; the latest when `version` is absent or `''`.
   * The latest is the last element of {@link getAllManifestVersions}.
   */
  getManifest(id: string, version?: string): Promise<HandlerManifest | undefined>;
  /** All versions of a handler, ascending by (`createdAt`, first stored). A fresh array each call. */
  getAllManifestVersions(id: string): Promise<HandlerManifest[]>;
  /** Stores the hooks of a handler. Key: `handlerId`. */
  storeHookManifest(manifest: HookManifest): Promise<void>;
  /** The hooks of a handler, or `null` (not `undefined`) when there are none. */
  getHookManifest(handlerId: string): Promise<HookManifest | null>;
  /** All hook manifests in first-stored order. A fresh array each call. */
  listHookManifests(): Promise<HookManifest[]>;
  /** Stores a type. Key: `ref`. */
  storeGType(gtype: GType): Promise<void>;
  getGType(ref: string): Promise<GType | undefined>;
  /** Stores a transformer. Key: `id`. */
  storeTransformer(transformer: Transformer): Promise<void>;
  getTransformer(id: string): Promise<Transformer | undefined>;
  /** The transformers between two versions of a handler, in first-stored order. A fresh array each call. */
  getTransformersForVersions(
    handlerId: string,
    fromVersion: string,
    toVersion: string,
  ): Promise<Transformer[]>;
  /** Stores the version graph of a handler. Key: `handlerId`. */
  storeVersionGraph(graph: VersionGraph): Promise<void>;
  getVersionGraph(handlerId: string): Promise<VersionGraph | undefined>;
  /** Stores the deployment state of one version. Key: (`handlerId`, `version`). */
  storeTimescapeMetadata(metadata: TimescapeMetadata): Promise<void>;
  getTimescapeMetadata(handlerId: string, version: string): Promise<TimescapeMetadata | undefined>;
  /** Removes every record of every kind. */
  clear(): Promise<void>;
  /** Counts, without waiting: exact for what this object wrote and for what it has heard of others. */
  getStats(): StorageStats;
}

/** What {@link createManifestStore} hands out when it is given a plain {@link StorageContract}. */
export type ManifestStore = StorageContract;
