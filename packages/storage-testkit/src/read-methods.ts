import type { StorageContract } from '@gati-framework/manifest-store';

/** A lookup of the contract: its name, its parameters, and arguments that are valid. */
export interface ReadMethod {
  readonly name: Exclude<keyof StorageContract, 'getStats'>;
  readonly parameters: readonly string[];
  readonly example: readonly string[];
}

export const readMethods: readonly ReadMethod[] = [
  { name: 'getManifest', parameters: ['id', 'version'], example: ['users.create', '1.0.0'] },
  { name: 'getAllManifestVersions', parameters: ['id'], example: ['users.create'] },
  { name: 'getHookManifest', parameters: ['handlerId'], example: ['users.create'] },
  { name: 'listHookManifests', parameters: [], example: [] },
  { name: 'getGType', parameters: ['ref'], example: ['User'] },
  { name: 'getTransformer', parameters: ['id'], example: ['users.create/1-2'] },
  {
    name: 'getTransformersForVersions',
    parameters: ['handlerId', 'fromVersion', 'toVersion'],
    example: ['users.create', '1.0.0', '2.0.0'],
  },
  { name: 'getVersionGraph', parameters: ['handlerId'], example: ['users.create'] },
  {
    name: 'getTimescapeMetadata',
    parameters: ['handlerId', 'version'],
    example: ['users.create', '1.0.0'],
  },
];

/** Calls a method with arguments that its type need not allow. */
export function callRead(
  storage: StorageContract,
  { name }: ReadMethod,
  args: readonly unknown[],
): Promise<unknown> {
  const method = storage[name] as (...args: unknown[]) => Promise<unknown>;
  return method.apply(storage, [...args]);
}
