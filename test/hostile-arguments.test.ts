import {
  createInMemoryStorage,
  createManifestStore,
  type Storage,
  StorageError,
} from '@gati-framework/manifest-store';
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import { createEtcdStorage } from '@gati-framework/storage-etcd';
import { createNodeSqliteStorage } from '@gati-framework/storage-node-sqlite';
import { createPostgresStorage } from '@gati-framework/storage-postgres';
import { createSqlJsStorage } from '@gati-framework/storage-sqljs';
import { expect, test } from 'vitest';

function revoked(target: object): object {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

const no = (): never => {
  throw new TypeError('no');
};

/** Values that throw when they are looked at, and some that only look odd. */
function hostileValues(): unknown[] {
  const traps = { get: no, has: no, ownKeys: no, getOwnPropertyDescriptor: no, getPrototypeOf: no };
  const throwing = new Proxy({}, traps);
  const dead = revoked({});
  return [
    ...[dead, revoked(no), revoked([]), throwing, null, Symbol('s'), 10n, no, Object.create(null)],
    ...[[dead], [throwing], { toString: no, valueOf: no }],
    ...[
      { kind: throwing, key: throwing },
      { kind: 'gtype', key: dead },
    ],
    ...[[{ put: 'gtype', value: dead }], [{ put: throwing }], [{ delete: 'gtype', key: dead }]],
    ...[
      { expect: dead },
      { expect: [throwing] },
      { kinds: dead },
      { kinds: [throwing] },
      { handlerId: dead },
    ],
    ...[{ after: dead }, { signal: throwing }, { onUnreadable: throwing }],
  ];
}

const METHODS = [
  ...([
    'storeManifest',
    'getManifest',
    'getAllManifestVersions',
    'storeHookManifest',
    'getHookManifest',
  ] as const),
  ...([
    'storeGType',
    'getGType',
    'storeTransformer',
    'getTransformer',
    'getTransformersForVersions',
  ] as const),
  ...(['storeVersionGraph', 'getVersionGraph', 'storeTimescapeMetadata', 'getTimescapeMetadata'] as const),
  ...(['commit', 'get', 'entries', 'watch'] as const),
];

/** What a call throws or rejects with; `undefined` when it does neither at once. */
async function failureOf(call: () => unknown): Promise<unknown> {
  try {
    const result = call() as { next?(): Promise<unknown>; return?(): Promise<unknown> } | undefined;
    if (typeof result?.next !== 'function') {
      await result;
      return undefined;
    }
    const next = result.next();
    const ended = next.then(() => {});
    await Promise.race([ended, new Promise((resolve) => setImmediate(resolve))]);
    await result.return?.();
    await ended;
    return undefined;
  } catch (error) {
    return error;
  }
}

const storages: Readonly<Record<string, () => Storage>> = {
  memory: () => createInMemoryStorage(),
  'sql.js': () => createSqlJsStorage(),
  'better-sqlite3': () => createBetterSqlite3Storage({ filename: ':memory:' }),
};

for (const [name, create] of Object.entries(storages)) {
  test(`${name} answers every argument with what it is or with a StorageError`, async () => {
    const storage = create();
    await storage.open();
    for (const method of METHODS) {
      for (const [i, value] of hostileValues().entries()) {
        for (const args of [[value], ['a', value], ['a', 'b', value], [[], value]]) {
          const failure = await failureOf(() => Reflect.apply(storage[method], storage, args));
          const what = `${method} with value ${i} in place ${args.length}: ${failure}`;
          expect(failure === undefined || failure instanceof StorageError, what).toBe(true);
        }
      }
    }
    await storage.close();
  });
}

const factories: Readonly<Record<string, readonly [(options: never) => unknown, readonly string[]]>> = {
  createInMemoryStorage: [createInMemoryStorage, ['historyLimit', 'historyBytes', 'maxRecordBytes']],
  createManifestStore: [createManifestStore, ['getManifest']],
  createBetterSqlite3Storage: [
    createBetterSqlite3Storage,
    ['filename', 'database', 'durability', 'cacheSize'],
  ],
  createNodeSqliteStorage: [createNodeSqliteStorage, ['filename', 'database', 'durability', 'cacheSize']],
  createSqlJsStorage: [
    createSqlJsStorage,
    ['filename', 'persistence', 'wasmBinary', 'wasmModule', 'sqlJs', 'locateFile', 'cacheSize', 'onRecovery'],
  ],
  createPostgresStorage: [
    createPostgresStorage,
    ['connectionString', 'hosts', 'pool', 'schema', 'ssl', 'password', 'log', 'consistency', 'cacheSize'],
  ],
  createEtcdStorage: [
    createEtcdStorage,
    ['connectionString', 'endpoints', 'prefix', 'user', 'password', 'tls', 'log', 'consistency', 'history'],
  ],
};

for (const [name, [create, options]] of Object.entries(factories)) {
  test(`${name} answers every option with a storage or with a StorageError`, async () => {
    for (const [i, value] of hostileValues().entries()) {
      for (const given of [value, ...options.map((option) => ({ [option]: value }))]) {
        const failure = await failureOf(() => void create(given as never));
        const what = `value ${i}: ${failure}`;
        expect(failure === undefined || failure instanceof StorageError, what).toBe(true);
      }
    }
  });
}
