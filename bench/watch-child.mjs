// Watches a store and tells when it hears of what.
import { createPostgresStorage } from '@gati-framework/storage-postgres';

const [connectionString, schema] = process.argv.slice(2);
const storage = createPostgresStorage({ connectionString, schema });
await storage.open();
process.on('disconnect', () => process.exit());
process.send({ revision: 0 });
for await (const { revision } of storage.watch({ after: 0 })) {
  process.send({ revision, at: performance.timeOrigin + performance.now() });
}
