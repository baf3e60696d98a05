// One instance of a service: it answers requests with the manifest of a
// handler, read from the store for each of them, and never restarts.
import { createServer } from 'node:http';
import { createManifestStore } from '@gati-framework/manifest-store';
import { createPostgresStorage } from '@gati-framework/storage-postgres';
import { now } from './clock.mjs';

const [connectionString] = process.argv.slice(2);
const store = createManifestStore(createPostgresStorage({ connectionString }));
const { revision: known } = await store.stats();

const server = createServer(async (_, response) => {
  const { version, path } = await store.getManifest('orders.create');
  response.end(JSON.stringify({ version, path, servedBy: process.pid }));
});
server.listen(0, '127.0.0.1', () => process.send({ listening: server.address().port }));

process.on('message', async ({ deploy }) => {
  const revision = await store.commit(deploy);
  process.send({ deployed: { revision, at: now() } });
});
process.on('disconnect', () => process.exit());

for await (const { revision, changes } of store.watch({ after: known })) {
  const { version } = await store.getManifest('orders.create');
  process.send({ saw: { revision, changes: changes.length, version, at: now() } });
}
