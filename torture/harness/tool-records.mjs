const HANDLERS = 8;
const VERSIONS = 16;
/** More than a batch of a commit that comes as a stream. */
const GTYPES = 1_200;

/**
 * Two commits of records that refer to each other as they should. The second has changed what the first put, and deleted its first record, so
 * that going back stores everything again; all versions but the latest of each handler may be pruned.
 */
export function toolRecords() {
  const types = Array.from({ length: GTYPES }, (_, i) => gtype(`T${i}`, 'first'));
  const handlers = Array.from({ length: HANDLERS }, (_, i) => handler(`handler-${i}`)).flat();
  const second = Array.from({ length: GTYPES / 2 }, (_, i) => gtype(`T${2 * i + 2}`, 'second'));
  return [
    [gtype('T', 'the first of all'), ...types, ...handlers],
    [{ delete: 'gtype', key: { ref: 'T' } }, ...second],
  ];
}

function gtype(ref, description) {
  return { put: 'gtype', value: { ref, kind: 'object', description } };
}

function handler(handlerId) {
  const versions = Array.from({ length: VERSIONS }, (_, i) => `${i + 1}`);
  const latest = versions.at(-1);
  const graph = { handlerId, currentVersion: latest, latestVersion: latest };
  const nodes = versions.map((version, i) => ({
    version,
    manifestHash: 'h',
    deployedAt: i,
    active: version === latest,
    breaking: false,
  }));
  return [
    ...versions.flatMap((version, i) => [
      manifest(handlerId, version, i),
      metadata(handlerId, version, latest),
    ]),
    { put: 'versionGraph', value: { ...graph, versions: nodes } },
  ];
}

function manifest(handlerId, version, createdAt) {
  const value = {
    ...{ handlerId, version, path: `/${handlerId}`, method: 'GET', hash: 'h', createdAt },
    ...{ gtypes: { request: 'T1', response: 'T3' }, hooks: { before: [], after: [] } },
    ...{ timescapeVersion: '1', policies: {}, dependencies: { modules: [] } },
  };
  return { put: 'manifest', value };
}

function metadata(handlerId, version, latest) {
  const compatibility = { compatible: [], incompatible: [], transformable: [] };
  const deployment = { strategy: 'rolling', status: version === latest ? 'active' : 'decommissioned' };
  return {
    put: 'timescapeMetadata',
    value: { handlerId, version, fingerprint: 'f', compatibility, deployment },
  };
}
