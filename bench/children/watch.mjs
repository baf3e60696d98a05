// Usage: node watch.mjs <ours | by hand> <URL> <schema>
// Watches a store, or listens, and tells when it hears of what.
import { createPostgresStorage } from '@gati-framework/storage-postgres';
import pg from 'pg';

const [who, connectionString, schema] = process.argv.slice(2);
const tell = (number) => process.send({ number, at: performance.timeOrigin + performance.now() });
process.on('disconnect', () => process.exit());
if (who === 'ours') {
  const storage = createPostgresStorage({ connectionString, schema });
  await storage.open();
  tell(0);
  for await (const { revision } of storage.watch({ after: 0 })) tell(revision);
} else {
  const client = new pg.Client({ connectionString });
  await client.connect();
  client.on('notification', ({ payload }) => tell(Number(payload)));
  await client.query(`LISTEN ${schema}`);
  tell(0);
}
