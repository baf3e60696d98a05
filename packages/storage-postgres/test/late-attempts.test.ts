import type { Change } from '@gati-framework/manifest-store';
import { expect, test } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { historyOf, open, ownSchema } from './support/faults.js';
import { LateProxy } from './support/late-proxy.js';
import { runSql } from './support/schemas.js';

const put = (description: string, ref = 'x'): Change => ({ put: 'gtype', value: gtype(ref, description) });
const remove: Change = { delete: 'gtype', key: { ref: 'other' } };

test.each<readonly [string, number, readonly Change[]]>([
  ['one that puts', 1, [put('late')]],
  ['one that puts and deletes', 1, [put('late'), remove]],
  ['the first of a store', 0, [put('late')]],
  ['the first of a store, which deletes, too', 0, [put('late'), remove]],
])(
  'an attempt that arrives when the log forgot the commit that was made instead does nothing: %s',
  async (_, before, changes) => {
    const direct = ownSchema();
    const proxy = await LateProxy.start();
    const storage = open({ connectionString: proxy.url, schema: direct.schema, historyLimit: 10 });
    await storage.open();
    for (let n = 0; n < before; n += 1) await storage.commit([put('before')]);
    proxy.hold('late');
    expect(await storage.commit(changes)).toBe(before + 1);
    await storage.commit([put('newer')]);
    for (let n = 0; n < 30; n += 1) await storage.commit([put(`${n}`, 'y')]);
    const count = `SELECT count(*)::integer AS count FROM ${direct.schema}.changes WHERE value LIKE '%late%'`;
    await expect.poll(async () => (await runSql(direct.connectionString, count)).rows[0].count).toBe(0);
    await proxy.release();
    const other = open(direct);
    expect((await other.stats()).revision).toBe(before + 32);
    expect((await other.getGType('x'))?.description).toBe('newer');
  },
);

test('while the log still has it, too', async () => {
  const direct = ownSchema();
  const proxy = await LateProxy.start();
  const storage = open({ connectionString: proxy.url, schema: direct.schema });
  await storage.open();
  proxy.hold('late');
  expect(await storage.commit([put('late')])).toBe(1);
  await storage.commit([put('newer')]);
  expect(await proxy.release()).toContain('changes_operation');
  expect((await historyOf(direct)).length).toBe(2);
});

test.each<readonly [string, readonly Change[]]>([
  ['puts', [put('mine')]],
  ['deletes', [put('mine'), remove]],
])('a storage that has heard of less than the log forgot since goes on: it %s', async (_, changes) => {
  const place = { ...ownSchema(), historyLimit: 1 };
  const storage = open({ ...place, listen: false, pollInterval: 600_000 });
  await storage.open();
  const other = open(place);
  for (let n = 0; n < 10; n += 1) await other.commit([put(`${n}`)]);
  const first = `SELECT min(revision)::integer AS first FROM ${place.schema}.changes`;
  await expect
    .poll(async () => (await runSql(place.connectionString, first)).rows[0].first)
    .toBeGreaterThan(1);
  expect(await storage.commit(changes)).toBe(11);
  expect((await other.get({ kind: 'gtype', key: { ref: 'x' } }))?.revision).toBe(11);
});

test('two who write at once while the log keeps one change do not keep each other from it', async () => {
  const place = { ...ownSchema(), historyLimit: 1 };
  const storages = [open(place), open(place)];
  const revisions = await Promise.all(
    storages.map(async (storage) => {
      const made: number[] = [];
      for (let n = 0; n < 40; n += 1) made.push(await storage.commit([put(`${n}`)]));
      return made;
    }),
  );
  expect(revisions.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 80 }, (_, i) => i + 1));
});

test('a library that knows version 1 trims: the store remembers how far', async () => {
  const place = ownSchema();
  const storage = open(place);
  for (let n = 0; n < 20; n += 1) await storage.commit([put(`${n}`)]);
  await runSql(
    place.connectionString,
    `DELETE FROM ${place.schema}.changes WHERE revision < (
      SELECT revision FROM ${place.schema}.changes ORDER BY revision DESC, ordinal DESC OFFSET 5 LIMIT 1
    )`,
  );
  const { rows } = await runSql(
    place.connectionString,
    `SELECT trimmed_to::integer FROM ${place.schema}.store`,
  );
  expect(rows).toEqual([{ trimmed_to: 14 }]);
  expect(await storage.commit([put('next')])).toBe(21);
});
