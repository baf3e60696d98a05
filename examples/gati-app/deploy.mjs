const handlerId = 'users.get';

/** What callers of version 1 get, made of what version 2 answers. */
const backward = {
  id: 'users.get:2.0.0-1.0.0',
  handlerId,
  fromVersion: '2.0.0',
  toVersion: '1.0.0',
  direction: 'backward',
  transformations: [{ path: 'fullName', type: 'rename', details: { to: 'name' } }],
  hash: 'a-hash-of-the-transformer',
  createdAt: Date.UTC(2026, 10, 2),
};

/**
 * Deploys a version of the handler in one commit: whoever looks sees all of it or nothing. If somebody else
 * deploys at the same time, it fails with STORAGE_CONFLICT and changes nothing.
 */
export async function deploy(storage, timeline, version) {
  const graph = await storage.get({ kind: 'versionGraph', key: { handlerId } });
  const createdAt = version === '1.0.0' ? Date.UTC(2026, 10, 1) : Date.UTC(2026, 10, 2);
  const hash = `a-hash-of-${version}`;
  const others = (graph?.value.versions ?? [])
    .filter((node) => node.version !== version)
    .map((node) => ({ ...node, active: false }));
  const node = {
    version,
    manifestHash: hash,
    deployedAt: createdAt,
    active: true,
    breaking: others.length > 0,
  };
  const changes = [
    { put: 'manifest', value: manifestOf(version, hash, createdAt) },
    {
      put: 'versionGraph',
      value: {
        handlerId,
        versions: [...others, node],
        currentVersion: version,
        latestVersion: version,
        tags: [{ label: 'stable', version, createdAt: Date.now(), createdBy: 'Ada' }],
      },
    },
    ...(version === '2.0.0' ? [{ put: 'transformer', value: backward }] : []),
  ];
  const expected = { kind: 'versionGraph', key: { handlerId }, revision: graph?.revision ?? null };
  const revision = await storage.commit(changes, { expect: [expected] });
  await timeline.append({
    id: `tsv:${Math.floor(Date.now() / 1000)}-users-${revision}`,
    timestamp: Date.now(),
    type: 'route',
    actor: 'Ada',
    payload: { handlerId, version, revision },
    parents: [],
  });
  return revision;
}

function manifestOf(version, hash, createdAt) {
  return {
    handlerId,
    version,
    path: '/users/:id',
    method: 'GET',
    gtypes: { request: 'any', response: 'any' },
    hooks: { before: [], after: [] },
    timescapeVersion: version,
    policies: {},
    dependencies: { modules: [] },
    hash,
    createdAt,
  };
}
