// Runs in a project that has the packed packages installed: each does its main job.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { createManifestStore } from '@gati-framework/runtime';
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import { importDocument } from '@gati-framework/storage-cli';
import { conformanceCases, runCase } from '@gati-framework/storage-testkit';

assert.equal(process.versions.node, process.argv[2]);
const filename = 'smoke.db';
const store = createManifestStore(createBetterSqlite3Storage({ filename }));
const document = {
  openapi: '3.1.0',
  info: { title: 'Smoke', version: '1.0.0' },
  paths: { '/ping': { get: { operationId: 'ping', responses: { 200: { description: 'pong' } } } } },
};
const report = await importDocument(store, { text: JSON.stringify(document), name: 'smoke.json' });
assert.equal(report.added.length, 1);
await store.close();
const reopened = createManifestStore(createBetterSqlite3Storage({ filename }));
assert.equal((await reopened.getManifest('ping')).path, '/ping');
await reopened.close();
rmSync(filename);
let passed = 0;
for (const one of conformanceCases) {
  const { skipped } = await runCase(one, { create: () => createManifestStore() });
  if (skipped === undefined) passed += 1;
}
console.log(`Node.js ${process.versions.node}: ${passed} conformance cases passed`);
