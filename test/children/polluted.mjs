/**
 * Uses storages of every kind that needs no server while Object.prototype has an
 * enumerable object of one name after the other, and prints the names that did harm.
 */
import assert from 'node:assert/strict';
import { createInMemoryStorage } from '@gati-framework/manifest-store';
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import { createSqlJsStorage } from '@gati-framework/storage-sqljs';

const NAMES = [
  ...['config', 'error', 'revision', 'result', 'kind', 'key', 'put', 'delete', 'clear', 'expect', 'changes'],
  ...['handlerId', 'version', 'createdAt', 'ref', 'kinds', 'after', 'signal', 'onUnreadable', 'historyLimit'],
  ...[
    'cacheSize',
    'maxRecordBytes',
    'filename',
    'text',
    'digest',
    'encoding',
    'frozen',
    'json',
    'op',
    'path',
  ],
  ...[
    'details',
    'cause',
    'push',
    'map',
    'forEach',
    'length',
    'keys',
    'values',
    'entries',
    'includes',
    'tags',
  ],
];

const STORAGES = {
  memory: () => createInMemoryStorage(),
  'better-sqlite3': () => createBetterSqlite3Storage({ filename: ':memory:' }),
  'sql.js': () => createSqlJsStorage(),
};

const manifest = { handlerId: 'h', version: '1', createdAt: 1, tags: { list: [1, { c: 2 }] } };

async function useEverything(storage) {
  await storage.storeManifest(manifest);
  await storage.storeGType({ ref: 'd', when: new Date(5) });
  const expect = [{ kind: 'gtype', key: { ref: 'q' }, revision: null }];
  assert.equal(await storage.commit([{ put: 'gtype', value: { ref: 'x' } }], { expect }), 3);
  await assert.rejects(storage.commit([{ clear: true }], { expect: [{ ...expect[0], revision: 5 }] }), {
    code: 'STORAGE_CONFLICT',
  });
  await storage.commit([{ delete: 'gtype', key: { ref: 'x' } }]);
  assert.equal(JSON.stringify(await storage.getManifest('h')), JSON.stringify(manifest));
  assert.equal((await storage.getAllManifestVersions('h')).length, 1);
  assert.equal(await storage.getGType('none'), undefined);
  let entries = 0;
  for await (const { kind } of storage.entries()) entries += kind.length > 0 ? 1 : 0;
  assert.equal(entries, 2);
  const watch = storage.watch({ after: 0 });
  for (const revision of [1, 2, 3, 4]) assert.equal((await watch.next()).value.revision, revision);
  assert.equal((await storage.stats()).revision, 4);
  assert.equal((await storage.health()).status, 'ok');
  await storage.close();
}

for (const [backend, create] of Object.entries(STORAGES)) {
  await useEverything(create());
  for (const name of NAMES) {
    let failure;
    Object.prototype[name] = { polluted: true };
    try {
      await useEverything(create());
    } catch (error) {
      failure = error;
    } finally {
      delete Object.prototype[name];
    }
    if (failure !== undefined) console.log(`${backend}: ${name}: ${failure.message}`);
  }
}
