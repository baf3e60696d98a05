// The few records that every experiment writes again and again. A record is known by its slot, which says its key,
// and a tag, which says the commit that put it; everything else of it follows from the two, so that half a record, or
// one of another commit, is told from a whole one.

/** Every kind, keys that are easily taken for one another, lists of several, and a tie of `createdAt`. */
export const SLOTS = [
  { name: 'manifest/h1/1', kind: 'manifest', key: { handlerId: 'h1', version: '1' }, createdAt: 5 },
  { name: 'manifest/h1/2', kind: 'manifest', key: { handlerId: 'h1', version: '2' }, createdAt: 5 },
  { name: 'manifest/h1/10', kind: 'manifest', key: { handlerId: 'h1', version: '10' }, createdAt: 3 },
  { name: 'manifest/h2/1', kind: 'manifest', key: { handlerId: 'h2', version: '1' }, createdAt: 1 },
  { name: 'hookManifest/h1', kind: 'hookManifest', key: { handlerId: 'h1' }, createdAt: 2 },
  { name: 'hookManifest/H1', kind: 'hookManifest', key: { handlerId: 'H1' }, createdAt: 1 },
  { name: 'gtype/T', kind: 'gtype', key: { ref: 'T' } },
  { name: 'gtype/T1', kind: 'gtype', key: { ref: 'T1' } },
  { name: 'gtype/t', kind: 'gtype', key: { ref: 't' } },
  { name: 'transformer/x1', kind: 'transformer', key: { id: 'x1' }, createdAt: 1 },
  { name: 'transformer/x2', kind: 'transformer', key: { id: 'x2' }, createdAt: 0 },
  { name: 'versionGraph/h1', kind: 'versionGraph', key: { handlerId: 'h1' } },
  { name: 'timescapeMetadata/h1/1', kind: 'timescapeMetadata', key: { handlerId: 'h1', version: '1' } },
];

const BY_NAME = new Map(SLOTS.map((slot) => [slot.name, slot]));

export function slotOf(name) {
  return BY_NAME.get(name);
}

/** The name of the slot with this key. */
export function nameOf(kind, key) {
  return [kind, ...Object.values(key)].join('/');
}

/** The record that a commit with this tag puts into a slot. */
export function recordOf(name, tag) {
  const { kind, key, createdAt } = BY_NAME.get(name);
  return { ...MAKERS[kind](key, tag, createdAt) };
}

const MAKERS = {
  manifest: (key, tag, createdAt) => ({
    ...key,
    path: '/x',
    method: 'GET',
    gtypes: { request: 'A', response: 'B' },
    hooks: { before: [], after: [] },
    timescapeVersion: filler(tag),
    policies: {},
    dependencies: { modules: [] },
    hash: tag,
    createdAt,
  }),
  hookManifest: (key, tag, createdAt) => ({ ...key, version: tag, createdAt, hooks: [] }),
  gtype: (key, tag) => ({ ...key, kind: 'object', description: `${tag} ${filler(tag)}` }),
  transformer: (key, tag, createdAt) => ({
    ...key,
    handlerId: 'h1',
    fromVersion: '1',
    toVersion: '2',
    direction: 'forward',
    transformations: [],
    hash: tag,
    createdAt,
  }),
  versionGraph: (key, tag) => ({ ...key, currentVersion: tag, latestVersion: tag, versions: [] }),
  timescapeMetadata: (key, tag) => ({
    ...key,
    fingerprint: tag,
    compatibility: { compatible: [], incompatible: [], transformable: [] },
    deployment: { strategy: 'rolling', status: 'active' },
  }),
};

const TAG_OF = {
  manifest: ({ hash }) => hash,
  hookManifest: ({ version }) => version,
  gtype: ({ description }) => String(description).split(' ')[0],
  transformer: ({ hash }) => hash,
  versionGraph: ({ currentVersion }) => currentVersion,
  timescapeMetadata: ({ fingerprint }) => fingerprint,
};

/** The tag of a record that was read from a slot; a text that no commit has where it is not the whole record. */
export function tagOf(name, record) {
  if (record === undefined || record === null) return null;
  const tag = TAG_OF[BY_NAME.get(name)?.kind]?.(record);
  const isWhole = typeof tag === 'string' && JSON.stringify(record) === JSON.stringify(recordOf(name, tag));
  return isWhole ? tag : `damaged: ${JSON.stringify(record).slice(0, 200)}`;
}

/** Characters of a record of a large commit. */
const LARGE = 200_000;
const OF_LARGE = '.large';

/** Those whose records grow with the tag: together more than etcd takes in one request. */
export const LARGE_SLOTS = SLOTS.filter(({ kind }) => kind === 'manifest' || kind === 'gtype').map(
  ({ name }) => name,
);

export function idOfLarge(name) {
  return name + OF_LARGE;
}

/** Sizes differ, so that pages of a database split and move. */
function filler(tag) {
  if (tag.endsWith(OF_LARGE)) return 'x'.repeat(LARGE);
  let length = 0;
  for (let i = 0; i < tag.length; i++) length = (length * 31 + tag.charCodeAt(i)) % 1_500;
  return 'x'.repeat(length);
}
