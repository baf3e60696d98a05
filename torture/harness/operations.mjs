// What a client does: an operation is plain data, so that it can be planned by a seed, sent between processes, and
// be compared with what the model says of it.
import { idOfLarge, LARGE_SLOTS, nameOf, recordOf, SLOTS, slotOf, tagOf } from './records.mjs';

const NAMES = SLOTS.map(({ name }) => name);
const MOST_CHANGES = 6;

/** How often what is done where an experiment says nothing else. */
export const MIXED = {
  store: 18,
  batch: 12,
  delete: 4,
  clear: 1,
  compareAndSet: 10,
  atRevision: 2,
  check: 3,
  get: 10,
  read: 16,
  list: 10,
  entries: 4,
  past: 5,
  pastEntries: 2,
  stats: 3,
};

/** Writes alone. */
export const WRITES = { store: 18, batch: 14, delete: 3, clear: 1, compareAndSet: 3 };

/**
 * The next operation of a client.
 *
 * @param {import('./seeds.mjs').Random} random
 * @param {{ revision: number, revisions: Map<string, number | null> }} seen What the client knows of the store.
 * @param {Readonly<Record<string, number>>} weights
 */
export function planOperation(random, seen, weights) {
  const type = random.weighted(weights);
  return { type, ...(PLANS[type]?.(random, seen) ?? {}) };
}

const expectation = (random, { revisions }) => {
  const slot = random.pick(NAMES);
  return [slot, revisions.get(slot) ?? null];
};

const PLANS = {
  store: (random) => ({ changes: [['put', random.pick(NAMES)]] }),
  batch: (random) => ({
    changes: Array.from({ length: 2 + random.below(MOST_CHANGES - 1) }, () => [
      random.chance(0.8) ? 'put' : 'delete',
      random.pick(NAMES),
    ]),
  }),
  // Larger than what a server takes at once; it comes as a stream.
  large: () => ({ changes: LARGE_SLOTS.map((name) => ['put', name]) }),
  delete: (random) => ({ changes: [['delete', random.pick(NAMES)]] }),
  clear: () => ({ changes: [['clear']] }),
  compareAndSet: (random, seen) => {
    const [slot, revision] = expectation(random, seen);
    return { changes: [['put', slot]], expect: [[slot, revision]] };
  },
  atRevision: (random, { revision }) => ({
    changes: [['put', random.pick(NAMES)]],
    expectRevision: revision,
  }),
  check: (random, seen) => ({ changes: [], expect: [expectation(random, seen)] }),
  get: (random) => ({ slot: random.pick(NAMES) }),
  read: (random) => ({ slot: random.pick(NAMES) }),
  list: (random) => ({ list: random.pick(Object.keys(LISTS)) }),
  past: (random, seen) => ({ slot: random.pick(NAMES), at: pastRevision(random, seen) }),
  pastEntries: (random, seen) => ({ at: pastRevision(random, seen) }),
};

/** Mostly of the latest, sometimes of long ago, now and then of what is not yet. */
function pastRevision(random, { revision }) {
  if (random.chance(0.05)) return revision + 1 + random.below(1_000_000);
  return Math.floor(revision * (random.chance(0.7) ? 1 - random.next() * 0.1 : random.next()));
}

/** The lists of the contract: which slots they hold, and how they are read. */
export const LISTS = {
  versions: {
    slots: NAMES.filter((name) => name.startsWith('manifest/h1/')),
    kind: 'manifest',
    isByTime: true,
    read: (storage) => storage.getAllManifestVersions('h1'),
  },
  latest: {
    slots: NAMES.filter((name) => name.startsWith('manifest/h1/')),
    kind: 'manifest',
    isByTime: true,
    isLast: true,
    read: async (storage) => [await storage.getManifest('h1')].filter((found) => found !== undefined),
  },
  hooks: {
    slots: NAMES.filter((name) => name.startsWith('hookManifest/')),
    kind: 'hookManifest',
    read: (storage) => storage.listHookManifests(),
  },
  transformers: {
    slots: NAMES.filter((name) => name.startsWith('transformer/')),
    kind: 'transformer',
    read: (storage) => storage.getTransformersForVersions('h1', '1', '2'),
  },
};

const KEY_FIELDS = {
  manifest: ['handlerId', 'version'],
  hookManifest: ['handlerId'],
  transformer: ['id'],
};

/** Whether its answer may come from a cache that is not asked about. */
export const isCachedRead = ({ type }) => type === 'read' || type === 'list';

/** The id of an operation: what it puts follows from it, also how large that is. */
export const idOf = (name, { type }) => (type === 'large' ? idOfLarge(name) : name);

export const isWrite = ({ changes }) => changes !== undefined && changes.length > 0;

/**
 * Does it. What it resolves with can be sent as JSON.
 *
 * @param {import('@gati-framework/manifest-store').Storage} storage
 * @param {string} id Of the operation: the tag of what it puts, and the note of its commit.
 */
export async function performOperation(storage, operation, id) {
  const { type } = operation;
  if (type === 'store') return storeOne(storage, operation.changes[0][1], id);
  return (PERFORM[type] ?? commit)(storage, operation, id);
}

/** By the method of the contract; it has no note, but the tag tells of it. */
async function storeOne(storage, slot, id) {
  await storage[STORE_METHODS[slotOf(slot).kind]](recordOf(slot, id));
  return { revision: null };
}

const STORE_METHODS = {
  manifest: 'storeManifest',
  hookManifest: 'storeHookManifest',
  gtype: 'storeGType',
  transformer: 'storeTransformer',
  versionGraph: 'storeVersionGraph',
  timescapeMetadata: 'storeTimescapeMetadata',
};

async function commit(storage, { type, changes, expect, expectRevision }, id) {
  const all = changes.map((change) => toChange(change, id));
  const revision = await storage.commit(type === 'large' ? streamOf(all) : all, {
    ...(changes.length > 0 && { note: id }),
    ...(expect && {
      expect: expect.map(([slot, known]) => ({
        kind: slotOf(slot).kind,
        key: slotOf(slot).key,
        revision: known,
      })),
    }),
    ...(expectRevision !== undefined && { expectRevision }),
  });
  return { revision };
}

async function* streamOf(changes) {
  yield* changes;
}

function toChange([what, slot], id) {
  if (what === 'clear') return { clear: true };
  if (what === 'delete') return { delete: slotOf(slot).kind, key: slotOf(slot).key };
  return { put: slotOf(slot).kind, value: recordOf(slot, id) };
}

const recordKey = (slot) => ({ kind: slotOf(slot).kind, key: slotOf(slot).key });

const PERFORM = {
  get: async (storage, { slot }) => ({ entry: entryForm(slot, await storage.get(recordKey(slot))) }),
  read: async (storage, { slot }) => ({
    tag: tagOf(slot, await READ[slotOf(slot).kind](storage, slotOf(slot).key)),
  }),
  list: async (storage, { list }) => {
    const { kind, read } = LISTS[list];
    const found = await read(storage);
    return { tags: found.map((record) => listedTag(kind, record)) };
  },
  entries: async (storage) => ({ entries: await entriesOf(storage, {}) }),
  past: async (storage, { slot, at }) => ({
    entry: entryForm(slot, await storage.get(recordKey(slot), { at })),
  }),
  pastEntries: async (storage, { at }) => ({ entries: await entriesOf(storage, { at }) }),
  stats: async (storage) => {
    const { revision, manifestCount, gtypeCount, hookManifestCount, transformerCount, ...rest } =
      await storage.stats();
    const { versionGraphCount, timescapeMetadataCount } = rest;
    const counts = [manifestCount, hookManifestCount, gtypeCount, transformerCount];
    return { revision, counts: [...counts, versionGraphCount, timescapeMetadataCount] };
  },
};

const READ = {
  manifest: (storage, { handlerId, version }) => storage.getManifest(handlerId, version),
  hookManifest: (storage, { handlerId }) => storage.getHookManifest(handlerId),
  gtype: (storage, { ref }) => storage.getGType(ref),
  transformer: (storage, { id }) => storage.getTransformer(id),
  versionGraph: (storage, { handlerId }) => storage.getVersionGraph(handlerId),
  timescapeMetadata: (storage, { handlerId, version }) => storage.getTimescapeMetadata(handlerId, version),
};

function listedTag(kind, record) {
  const key = Object.fromEntries(KEY_FIELDS[kind].map((field) => [field, record[field]]));
  return tagOf(nameOf(kind, key), record);
}

function entryForm(slot, entry) {
  return entry === undefined ? null : [tagOf(slot, entry.value), entry.revision];
}

/** Kind by kind, as the order of the kinds among themselves is the storage's own. */
export async function entriesOf(storage, filter) {
  const found = [];
  for await (const { kind, key, value, revision } of storage.entries(filter)) {
    const name = nameOf(kind, key);
    found.push([name, tagOf(name, value), revision]);
  }
  return found.sort(([a], [b]) => kindOrder(a) - kindOrder(b));
}

/** As an archive has them, which does not say which commits put its records. */
export function withoutRevisions(entries) {
  return entries.map(([name, tag]) => [name, tag]);
}

/** What a watch told of a commit, as data. */
export function eventForm({ revision, note, changes }) {
  const steps = changes.map((change) => {
    if ('clear' in change) return ['clear'];
    const name = nameOf(change.put ?? change.delete, change.key);
    return 'delete' in change ? ['delete', name] : ['put', name, tagOf(name, change.value)];
  });
  const put = steps.find(([what]) => what === 'put');
  return { revision, id: note ?? put?.[2], steps };
}

export const KINDS = [
  'manifest',
  'hookManifest',
  'gtype',
  'transformer',
  'versionGraph',
  'timescapeMetadata',
];

export function kindOrder(name) {
  return KINDS.indexOf(name.slice(0, name.indexOf('/')));
}
