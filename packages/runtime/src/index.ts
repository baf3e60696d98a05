/**
 * The manifest store under the import path and the names that Gati
 * applications use.
 */
import {
  createManifestStore,
  type ManifestStore,
  type StorageContract,
} from '@gati-framework/manifest-store';

export type {
  Change,
  CommitOptions,
  Entry,
  EntryFilter,
  Expectation,
  GType as ManifestGType,
  GTypeKind as ManifestGTypeKind,
  GTypeProperty,
  HandlerManifest,
  HookDefinition,
  HookManifest,
  ManifestStore,
  PrimitiveType as ManifestPrimitiveType,
  RecordKey,
  RecordKind,
  Revision,
  Storage,
  StorageCapabilities,
  StorageContract,
  StorageEvent,
  StorageHealth,
  StorageStats,
  TimescapeMetadata,
  Transformer,
  Validator as ManifestValidator,
  ValidatorType as ManifestValidatorType,
  VersionGraph,
  VersionNode,
  WatchOptions,
} from '@gati-framework/manifest-store';
export {
  createInMemoryStorage,
  createManifestStore,
  type InMemoryStorageOptions,
  StorageError,
  type StorageErrorCode,
} from '@gati-framework/manifest-store';

/** @deprecated Use {@link createManifestStore}: this is the same with `new`. */
export const InMemoryManifestStore: new (storage?: StorageContract) => ManifestStore =
  class InMemoryManifestStore {
    constructor(storage?: StorageContract) {
      // biome-ignore lint/correctness/noConstructorReturn: code that says `new` gets what createManifestStore hands out
      return createManifestStore(storage) as unknown as InMemoryManifestStore;
    }
  } as unknown as new (
    storage?: StorageContract,
  ) => ManifestStore;
