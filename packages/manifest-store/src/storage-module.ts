import type { StorageContract } from './contract/storage-contract.js';
import { assertContract } from './create-manifest-store.js';
import { PACKAGE_VERSION } from './package-version.js';
import { readField } from './rules/input.js';
import { readOptions, readText } from './rules/options.js';

export interface StorageModuleOptions {
  /** Under which the loader knows the module. Default: `storage`. */
  name?: string;
  /** Semver. Default: the version of this package. */
  version?: string;
  description?: string;
}

/** A storage as a module of a Gati application: fits `Module` of `@gati-framework/runtime` 2.0.8. */
export interface StorageModule<S extends StorageContract = StorageContract> {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** The storage itself. */
  readonly exports: S;
  /** Opens the storage, to fail early; rejects with the `StorageError` that says why. May be called again. */
  init(): Promise<void>;
  /** Closes the storage: waits for every write that was accepted. May be called twice. */
  shutdown(): Promise<void>;
  /** Whether the storage answers. Never rejects: after `shutdown`, and where the check fails, it is `false`. */
  healthCheck(): Promise<boolean>;
}

/**
 * Makes a storage a module that the loader of a Gati application opens, checks and closes.
 * What the storage lacks is not called: a plain {@link StorageContract} has nothing to open or
 * close, and is healthy when it answers a read.
 *
 * @throws `INVALID_OPTIONS` for what is no storage and for unknown options.
 * @example
 * import { createStorageModule } from '@gati-framework/manifest-store';
 *
 * gctx.modules['storage'] = createStorageModule(storage).exports;
 */
export function createStorageModule<S extends StorageContract>(
  storage: S,
  options: StorageModuleOptions = {},
): StorageModule<S> {
  assertContract(storage);
  const { name, version, description } = readOptions(options, ['name', 'version', 'description']);
  const moduleName = readText(name, 'options.name', 'storage');
  return {
    name: moduleName,
    version: readText(version, 'options.version', PACKAGE_VERSION),
    description: readText(description, 'options.description', 'Holds the manifests of the application'),
    exports: storage,
    init: async () => {
      await callIfThere(storage, 'open');
    },
    shutdown: async () => {
      await callIfThere(storage, 'close');
    },
    healthCheck: () => answers(storage, moduleName),
  };
}

async function answers(storage: StorageContract, absentKey: string): Promise<boolean> {
  try {
    const health = await callIfThere(storage, 'health');
    if (health !== undefined) return readField(Object(health), 'status') === 'ok';
    await storage.getGType(absentKey);
    return true;
  } catch {
    return false;
  }
}

function callIfThere(storage: StorageContract, name: 'open' | 'close' | 'health'): unknown {
  const method = readField(storage, name);
  return typeof method === 'function' ? method.call(storage) : undefined;
}
