import { recordOf, SLOTS } from '../records.mjs';
import { ITERATORS } from './iterators.mjs';
import { hostileValue, spoil } from './values.mjs';

const record = (kind) => (random) => [recordOf(slotOf(kind, random).name, `t${random.below(1_000)}`)];
const slotOf = (kind, random) => random.pick(SLOTS.filter((slot) => slot.kind === kind));
const recordKey = (random) => {
  const { kind, key } = random.pick(SLOTS);
  return { kind, key: { ...key } };
};
const none = () => [];

/** Every method of a storage, with arguments that are in order; made anew for each call. */
const VALID = {
  storeManifest: record('manifest'),
  getManifest: () => ['h1', '1'],
  getAllManifestVersions: () => ['h1'],
  storeHookManifest: record('hookManifest'),
  getHookManifest: () => ['h1'],
  listHookManifests: none,
  storeGType: record('gtype'),
  getGType: () => ['T'],
  storeTransformer: record('transformer'),
  getTransformer: () => ['x1'],
  getTransformersForVersions: () => ['h1', '1', '2'],
  storeVersionGraph: record('versionGraph'),
  getVersionGraph: () => ['h1'],
  storeTimescapeMetadata: record('timescapeMetadata'),
  getTimescapeMetadata: () => ['h1', '1'],
  clear: none,
  getStats: none,
  open: none,
  commit: (random) => [
    Array.from({ length: 1 + random.below(3) }, () => changeOf(random)),
    {
      expect: [{ ...recordKey(random), revision: null }],
      expectRevision: random.below(50),
      note: 'who and why',
    },
  ],
  get: (random) => [recordKey(random), { at: random.below(50) }],
  entries: (random) => [
    { kinds: ['manifest', 'gtype'], handlerId: 'h1', at: random.below(50), onUnreadable: () => {} },
  ],
  watch: (random) => [
    { after: random.below(50), signal: new AbortController().signal, onUnreadable: () => {} },
  ],
  log: (random) => [{ after: random.below(20), before: 60, limit: 3, reverse: true, maxChanges: 2 }],
  stats: none,
  health: none,
  close: none,
  [Symbol.asyncDispose]: none,
};

/** @type {readonly (string | symbol)[]} */
export const METHODS = Reflect.ownKeys(VALID);

/** Arguments of a call of which something is not in order. */
export function hostileArguments(method, random) {
  const args = VALID[method](random);
  // Options exclude one another, and most calls of a commit would fail by what it expects.
  if (args.length > 1 && typeof args.at(-1) === 'object' && random.chance(0.6)) args.pop();
  // Whether an expectation or the source of changes is looked at first is a storage's own.
  if (method === 'commit' && random.chance(0.4))
    return [iteratorOf(random), random.chance(0.3) ? hostileValue(random) : undefined];
  if (random.chance(0.6)) spoilOne(args, random);
  else args[random.below(args.length + 1)] = hostileValue(random);
  if (random.chance(0.1)) args.length = random.below(args.length + 1);
  if (random.chance(0.1)) args.push(hostileValue(random));
  return args;
}

function spoilOne(args, random) {
  const place = random.below(args.length);
  if (typeof args[place] === 'object') args[place] = spoil(args[place], random);
  else args[place] = hostileValue(random);
}

function iteratorOf(random) {
  return random.pick(ITERATORS)(
    () => (random.chance(0.3) ? spoil(changeOf(random), random) : changeOf(random)),
    () => hostileValue(random),
  );
}

function changeOf(random) {
  const { kind, key, name } = random.pick(SLOTS);
  if (random.chance(0.02)) return { clear: true };
  if (random.chance(0.2)) return { delete: kind, key: { ...key } };
  return { put: kind, value: recordOf(name, `t${random.below(1_000)}`) };
}
