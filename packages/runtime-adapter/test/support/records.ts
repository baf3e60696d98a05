import type {
  HandlerManifest,
  TimescapeMetadata,
  Transformer,
  VersionGraph,
} from '@gati-framework/manifest-store';

export function manifestOf(
  handlerId: string,
  version: string,
  given: Partial<HandlerManifest> = {},
): HandlerManifest {
  return {
    handlerId,
    version,
    path: `/${handlerId}`,
    method: 'GET',
    gtypes: { request: 'any', response: 'any' },
    hooks: { before: [], after: [] },
    timescapeVersion: version,
    policies: {},
    dependencies: { modules: [] },
    hash: `${handlerId} ${version}`,
    createdAt: 1_700_000_000_000,
    ...given,
  };
}

export function graphOf(
  handlerId: string,
  versions: readonly (string | readonly [version: string, active: boolean])[],
  currentVersion: string,
): VersionGraph {
  const nodes = versions.map((one, i) => {
    const [version, active] = typeof one === 'string' ? [one, true] : one;
    return {
      version,
      manifestHash: `${handlerId} ${version}`,
      deployedAt: 1_700_000_000_000 + 1000 * i,
      active,
      breaking: false,
    };
  });
  return {
    handlerId,
    versions: nodes,
    currentVersion,
    latestVersion: nodes.at(-1)?.version ?? currentVersion,
  };
}

export function transformerOf(
  id: string,
  handlerId: string,
  fromVersion: string,
  toVersion: string,
): Transformer {
  return {
    id,
    handlerId,
    fromVersion,
    toVersion,
    direction: 'forward',
    transformations: [{ path: 'name', type: 'rename', details: { to: 'fullName' } }],
    hash: id,
    createdAt: 1_700_000_000_000,
  };
}

export function metadataOf(handlerId: string, version: string): TimescapeMetadata {
  return {
    handlerId,
    version,
    fingerprint: 'f',
    compatibility: { compatible: [], incompatible: [], transformable: [] },
    deployment: { strategy: 'rolling', status: 'active' },
  };
}
