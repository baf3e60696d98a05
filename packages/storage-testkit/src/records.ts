import type {
  GType,
  HandlerManifest,
  HookManifest,
  TimescapeMetadata,
  Transformer,
  VersionGraph,
} from '@gati-framework/manifest-store';

/** Fields to set instead of the defaults; unknown ones are kept, as a storage must keep them. */
export type Overrides<T> = Partial<T> & Readonly<Record<string, unknown>>;

/** A valid manifest; each call makes a new object. */
export function manifest(overrides: Overrides<HandlerManifest> = {}): HandlerManifest {
  return {
    handlerId: 'users.create',
    version: '1.0.0',
    path: '/users',
    method: 'POST',
    gtypes: { request: 'CreateUserRequest', response: 'User' },
    hooks: { before: ['authenticate'], after: [] },
    timescapeVersion: 'ts-1',
    policies: { roles: ['admin'], rateLimit: { limit: 100, window: 60_000 } },
    dependencies: { modules: ['database'] },
    hash: 'hash-1',
    createdAt: 1_700_000_000_000,
    ...overrides,
  };
}

/** A valid hook manifest; each call makes a new object. */
export function hookManifest(overrides: Overrides<HookManifest> = {}): HookManifest {
  return {
    handlerId: 'users.create',
    version: '1.0.0',
    createdAt: 1_700_000_000_000,
    hooks: [
      {
        id: 'authenticate',
        type: 'before',
        level: 'global',
        isAsync: true,
        timeout: 500,
        sourceLocation: { file: 'src/hooks/authenticate.ts', line: 12, column: 3 },
      },
    ],
    ...overrides,
  };
}

/** A valid type; each call makes a new object. */
export function gtype(overrides: Overrides<GType> = {}): GType {
  return {
    ref: 'User',
    kind: 'object',
    properties: {
      name: {
        type: { ref: 'UserName', kind: 'primitive', primitiveType: 'string' },
        optional: false,
        description: 'Display name',
      },
    },
    required: ['name'],
    validators: [{ type: 'custom', value: 'check-user' }],
    ...overrides,
  };
}

/** A valid transformer; each call makes a new object. */
export function transformer(overrides: Overrides<Transformer> = {}): Transformer {
  return {
    id: 'users.create/1-2',
    handlerId: 'users.create',
    fromVersion: '1.0.0',
    toVersion: '2.0.0',
    direction: 'forward',
    transformations: [{ path: 'name', type: 'rename', details: { to: 'fullName' } }],
    hash: 'hash-t',
    createdAt: 1_700_000_000_000,
    ...overrides,
  };
}

/** A valid version graph; each call makes a new object. */
export function versionGraph(overrides: Overrides<VersionGraph> = {}): VersionGraph {
  return {
    handlerId: 'users.create',
    versions: [
      {
        version: '1.0.0',
        manifestHash: 'hash-1',
        deployedAt: 1_700_000_000_000,
        active: true,
        breaking: false,
      },
    ],
    currentVersion: '1.0.0',
    latestVersion: '1.0.0',
    ...overrides,
  };
}

/** Valid deployment metadata; each call makes a new object. */
export function timescapeMetadata(overrides: Overrides<TimescapeMetadata> = {}): TimescapeMetadata {
  return {
    handlerId: 'users.create',
    version: '1.0.0',
    fingerprint: 'fp-1',
    compatibility: { compatible: ['0.9.0'], incompatible: [], transformable: ['0.8.0'] },
    deployment: { strategy: 'canary', rolloutPercentage: 10, status: 'active' },
    ...overrides,
  };
}
