// Runs in a project that has the packed packages installed: each does its main job.
import assert from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import { importDocument } from '@gati-framework/api-import';
import { createManifestStore } from '@gati-framework/manifest-store';
import { createManifestView } from '@gati-framework/runtime-adapter';
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import { assertDriverRuns, createNodeSqliteStorage } from '@gati-framework/storage-node-sqlite';
import { schemaScript } from '@gati-framework/storage-postgres';
import { createSqlJsStorage } from '@gati-framework/storage-sqljs';
import { conformanceCases, runCase } from '@gati-framework/storage-testkit';
import { openStorage } from '@gati-framework/storage-tools';

assert.equal(process.versions.node, process.argv[2]);
const document = {
  openapi: '3.1.0',
  info: { title: 'Smoke', version: '1.0.0' },
  paths: { '/ping': { get: { operationId: 'ping', responses: { 200: { description: 'pong' } } } } },
};
const hasSqlite = process.getBuiltinModule('node:sqlite') !== undefined;
if (!hasSqlite) assert.throws(assertDriverRuns, { code: 'STORAGE_DRIVER_MISSING' });
for (const [scheme, createStorage] of [
  ['sqlite', createBetterSqlite3Storage],
  ['sqljs', createSqlJsStorage],
  ...(hasSqlite ? [['sqlite', createNodeSqliteStorage]] : []),
]) {
  const filename = `${scheme}.db`;
  const store = createManifestStore(createStorage({ filename }));
  const report = await importDocument(store, { text: JSON.stringify(document), name: 'smoke.json' });
  assert.equal(report.added.length, 1);
  await store.close();
  assert.deepEqual(
    readdirSync('.').filter((name) => name.startsWith(filename)),
    [filename],
  );
  const reopened = createManifestStore(await openStorage(`${scheme}:${filename}`));
  assert.equal((await reopened.getManifest('ping')).path, '/ping');
  const view = createManifestView(reopened);
  await view.open();
  assert.equal(view.match('GET', '/ping').manifest.handlerId, 'ping');
  await view.close();
  await reopened.close();
  rmSync(filename);
}
const postgres = await openStorage('postgres://nobody@127.0.0.1:1/gati?schema=smoke');
assert.equal((await postgres.health()).status, 'failed');
await postgres.close();
const etcd = await openStorage('etcd://127.0.0.1:1/smoke');
assert.equal((await etcd.health()).status, 'failed');
await etcd.close();
assert.match(schemaScript({ schema: 'smoke' }), /CREATE TABLE "smoke"\.records/);
let passed = 0;
for (const one of conformanceCases) {
  const { skipped } = await runCase(one, { create: () => createManifestStore() });
  if (skipped === undefined) passed += 1;
}
console.log(`Node.js ${process.versions.node}: ${passed} conformance cases passed`);
