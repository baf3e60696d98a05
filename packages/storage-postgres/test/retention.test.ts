import type { Storage } from '@gati-framework/manifest-store';
import { schemaScript } from '@gati-framework/storage-postgres';
import { expect, inject, onTestFinished, test } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { open, ownSchema } from './support/faults.js';
import { runSql } from './support/schemas.js';

const server = inject('postgresUrl');

async function storedFor(schema: string): Promise<unknown> {
  const columns = 'keep_changes::integer AS changes, keep_age::integer AS age';
  return (await runSql(server, `SELECT ${columns} FROM ${schema}.store`)).rows[0];
}

async function keptOf(schema: string): Promise<number> {
  return (await runSql(server, `SELECT count(*)::integer AS count FROM ${schema}.changes`)).rows[0].count;
}

async function fill(storage: Storage, commits: number): Promise<void> {
  for (let n = 0; n < commits; n += 1) await storage.storeGType(gtype(`${n % 5}`, `${n}`));
}

test('what is given is stored with the store, each field for itself, and stays for those who give none', async () => {
  const place = ownSchema();
  await open(place).open();
  expect(await storedFor(place.schema)).toEqual({ changes: null, age: null });
  await open({ ...place, history: { changes: 40 } }).open();
  await open({ ...place, history: { age: 60_000 } }).open();
  await open(place).open();
  await open({ ...place, readOnly: true, history: { changes: 1, age: 1 } }).open();
  expect(await storedFor(place.schema)).toEqual({ changes: 40, age: 60_000 });
  await open({ ...place, historyLimit: 20 }).open();
  expect(await storedFor(place.schema)).toEqual({ changes: 20, age: 60_000 });
});

test('a process that was told nothing keeps what the store is told to keep', async () => {
  const place = ownSchema();
  await open({ ...place, history: { changes: 10 } }).open();
  await fill(open(place), 60);
  await expect.poll(() => keptOf(place.schema)).toBeLessThan(20);
  expect(await keptOf(place.schema)).toBeGreaterThanOrEqual(10);
});

test('a process that is still open keeps what another one has asked for since', async () => {
  const place = ownSchema();
  const running = open({ ...place, history: { changes: 10 } });
  await running.open();
  await open({ ...place, history: { changes: 1_000 } }).open();
  await fill(running, 60);
  await running.close();
  expect(await keptOf(place.schema)).toBe(60);
});

test('commits that are younger than the age stay, however many; older ones go once there are enough after them', async () => {
  const place = ownSchema();
  const storage = open({ ...place, history: { changes: 10, age: 3_600_000 } });
  await fill(storage, 30);
  const hoursBack = (hours: number, condition: string): string =>
    `UPDATE ${place.schema}.changes SET committed_at = committed_at - ${hours * 3_600_000} WHERE ${condition}`;
  expect(await keptOf(place.schema)).toBe(30);
  // Number 12 is young between old ones, and keeps those after it.
  await runSql(server, hoursBack(2, 'revision <= 25 AND revision <> 12'));
  await fill(storage, 10);
  const first = `SELECT min(revision)::integer AS first FROM ${place.schema}.changes`;
  await expect.poll(async () => (await runSql(server, first)).rows[0].first).toBe(12);
  expect((await storage.stats()).oldestRevision).toBe(11);
  await runSql(server, hoursBack(2, 'revision = 12'));
  await fill(storage, 10);
  await expect.poll(async () => (await runSql(server, first)).rows[0].first).toBe(26);
});

test('a role that may only read opens, and leaves it as it is', async () => {
  const place = ownSchema();
  const role = `retention_reader_${process.pid}`;
  await runSql(server, `CREATE ROLE ${role} LOGIN PASSWORD 'pw'`);
  onTestFinished(async () => {
    await runSql(server, `DROP OWNED BY ${role}; DROP ROLE ${role}`);
  });
  await runSql(server, schemaScript({ schema: place.schema, readOnlyRole: role }));
  await open(place).storeGType(gtype('a'));
  const url = new URL(server);
  Object.assign(url, { username: role, password: 'pw' });
  const storage = open({
    connectionString: url.href,
    schema: place.schema,
    migrate: false,
    history: { changes: 5 },
  });
  expect(await storage.get({ kind: 'gtype', key: { ref: 'a' } }, { at: 0 })).toBeUndefined();
  expect(await storedFor(place.schema)).toEqual({ changes: null, age: null });
});
