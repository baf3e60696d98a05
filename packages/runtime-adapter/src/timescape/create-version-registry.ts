import type { VersionRegistryOptions } from './registry-options.js';
import { type RegistryStorage, StoredVersionRegistry } from './version-registry.js';

/**
 * A version registry of the runtime in a storage. It opens with `open()`, and knows nothing before.
 *
 * @example
 * import { createManifestView } from '@gati-framework/runtime-adapter';
 * import { createVersionRegistry } from '@gati-framework/runtime-adapter/timescape';
 *
 * const view = createManifestView(storage);
 * const registry = createVersionRegistry(storage, { view });
 * await registry.open();
 * const [version] = registry.getVersions('users.get');
 * if (version !== undefined) await registry.tagVersion(version.tsv, 'stable', 'Ada');
 *
 * @throws StorageError `INVALID_OPTIONS` for what is no such storage, and for options that make no sense.
 */
export function createVersionRegistry(
  storage: RegistryStorage,
  options: VersionRegistryOptions = {},
): StoredVersionRegistry {
  return new StoredVersionRegistry(storage, options);
}
