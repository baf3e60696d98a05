const CACHE = 'storage-kit/dist/cache/read-cache.js';
const QUEUE = 'storage-kit/dist/commit/commit-queue.js';

/** @type {readonly import('./index.mjs').SeededFault[]} */
export const kitFaults = [
  {
    name: 'the cache is not told of own commits',
    backend: 'sqljs',
    file: QUEUE,
    find: 'isTold = true;',
    replace: 'isTold = true; this.#onCommitted(state); return;',
  },
  {
    name: 'a stale refill: what was read is kept though it changed meanwhile',
    backend: 'postgres',
    experiment: 'pauses',
    form: { rounds: 1 },
    file: CACHE,
    find: 'const isCurrent = place.changes === changes && this.#find(query) === place;',
    replace: 'const isCurrent = true;',
  },
  {
    name: 'a list of versions is kept when one of them changes',
    backend: 'better-sqlite3',
    file: CACHE,
    find: 'this.#outdate(ofFirst);\n        else',
    replace: ';\n        else',
  },
  {
    name: 'a list of transformers is kept when one of them changes',
    backend: 'sqljs',
    file: CACHE,
    find: "else if (kind === 'transformer')",
    replace: 'else if (false)',
  },
  {
    name: 'a clear of others leaves the cache',
    backend: 'better-sqlite3',
    file: 'storage-kit/dist/feed/known-state.js',
    find: "if (keys === 'all')\n            this.#cache.clear();",
    replace: "if (keys === 'all')\n            ;",
  },
  {
    name: 'a write is acknowledged before it is committed',
    backend: 'sqljs',
    experiment: 'kill',
    form: { cycles: 3 },
    file: 'storage-kit/dist/record-storage.js',
    find: 'put: (record) => this.#commits.submit([record], NO_TERMS),',
    replace: 'put: async (record) => void this.#commits.submit([record], NO_TERMS),',
  },
  {
    name: 'digests are not compared',
    backend: 'better-sqlite3',
    experiment: 'damage',
    form: { damages: 300 },
    file: 'storage-kit/dist/records/decode-record.js',
    find: 'if (digestOf(text) !== digest)',
    replace: 'if (false)',
  },
  {
    name: 'a blind retry: a group in doubt is made again, commit by commit',
    backend: 'better-sqlite3',
    experiment: 'failing-calls',
    form: { calls: 30, lanes: 4 },
    file: QUEUE,
    find: "error.code === 'STORAGE_FULL' ||",
    replace: "error.code === 'STORAGE_FULL' || error.code === 'STORAGE_IN_DOUBT' ||",
  },
].map((fault) => ({ experiment: 'linearizability', ...fault }));
