import { createSqlJsStorage } from '@gati-framework/storage-sqljs';
import { expect, test } from 'vitest';
import { gtype, manifest } from '../../../test/support/records.js';
import { keptInMemory } from './support/kept-in-memory.js';

test('users can ask their own questions in SQL', async () => {
  const storage = createSqlJsStorage();
  await storage.commit([
    { put: 'manifest', value: manifest('orders.list', '1.0.0') },
    { put: 'manifest', value: manifest('orders.list', '1.1.0') },
    { put: 'gtype', value: gtype('Order') },
  ]);
  expect(
    await storage.query(
      `-- versions of each handler
       SELECT handler_id, count(*) AS versions, max(value ->> 'path') AS path
       FROM manifests WHERE handler_id LIKE ? GROUP BY handler_id`,
      ['orders.%'],
    ),
  ).toEqual([{ handler_id: 'orders.list', versions: 2, path: '/x' }]);
  expect(await storage.query('WITH t AS (SELECT :a AS a) SELECT a FROM t', { ':a': 'named' })).toEqual([
    { a: 'named' },
  ]);
  expect(await storage.query('SELECT 1 WHERE 0')).toEqual([]);
  await storage.close();
});

test.each([
  'DELETE FROM commits',
  'INSERT INTO changes (id) VALUES (1)',
  'DROP TABLE commits',
  'UPDATE gtypes_by_key SET revision = 9',
  'WITH x AS (SELECT 1) DELETE FROM commits',
  'PRAGMA query_only = OFF',
  'PRAGMA writable_schema = ON',
  "ATTACH 'other.db' AS other",
  'BEGIN',
  'COMMIT',
  'VACUUM',
  'SELECT 1; DELETE FROM commits',
  'SELECT 1; PRAGMA query_only = OFF; DELETE FROM commits',
  '/* SELECT */ DELETE FROM commits',
  '-- SELECT\nDELETE FROM commits',
  'SELECT * FROM nowhere',
  'SELECT',
  '',
])('%j is refused and changes nothing', async (sql) => {
  const storage = createSqlJsStorage();
  await storage.storeGType(gtype('T'));
  await expect(storage.query(sql)).rejects.toMatchObject({ name: 'StorageError', code: 'INVALID_OPTIONS' });
  await storage.storeGType(gtype('U')); // writing still works
  expect(await storage.stats()).toMatchObject({ gtypeCount: 2, revision: 2 });
  expect(await storage.query('SELECT count(*) AS n FROM commits')).toEqual([{ n: 2 }]);
  await storage.close();
});

test('a query never sees a write that is not safe yet', async () => {
  const storage = createSqlJsStorage({ persistence: keptInMemory({ appends: true })('place') });
  await storage.open();
  let stored = 0;
  const writing = (async () => {
    for (let i = 0; i < 50; i++) {
      await storage.storeGType(gtype(`t${i}`));
      stored += 1;
    }
  })();
  while (stored < 50) {
    const [row] = await storage.query<{ n: number }>('SELECT count(*) AS n FROM gtypes');
    expect(row?.n).toBeGreaterThanOrEqual(stored - 1);
    expect(row?.n).toBeLessThanOrEqual(stored + 1);
    await new Promise((resolve) => setImmediate(resolve)); // let the writer go on
  }
  await writing;
  await storage.close();
});
