// What the programs of the pages take for granted, as context.d.ts declares it, for those that are run.
import { createInMemoryStorage } from '@gati-framework/manifest-store';

const manifest = {
  handlerId: 'users.create',
  version: '1',
  path: '/users',
  method: 'POST',
  gtypes: { request: 'User', response: 'User' },
  hooks: { before: [], after: [] },
  timescapeVersion: '1',
  policies: {},
  dependencies: { modules: [] },
  hash: 'h',
  createdAt: 1,
};
const files = new Map();
const storage = createInMemoryStorage();

Object.assign(globalThis, {
  manifest,
  requestType: { ref: 'User', kind: 'object' },
  nextGraph: { handlerId: 'users.create', currentVersion: '1', latestVersion: '1', versions: [] },
  store: storage,
  storage,
  lastSeenRevision: 0,
  readSecret: async (name) => `secret of ${name}`,
  folder: process.cwd(),
  fileOf: (place) => place,
  bucket: { get: async (name) => files.get(name), put: async (name, bytes) => void files.set(name, bytes) },
  records: [manifest],
  encode: JSON.stringify,
  gctx: { modules: {} },
  // A group of a suite: that all of it passes is known.
  test: (name, run) => (name.startsWith('identity') ? run() : undefined),
});
