// A script with nothing to stay alive for but the calls that it awaits.
import { createPostgresStorage } from '@gati-framework/storage-postgres';

const [connectionString, schema, ...rest] = process.argv.slice(2);
const { stayOpen, ...options } = { connectionString, schema, ...JSON.parse(rest[0] ?? '{}') };
const one = createPostgresStorage(options);
const other = createPostgresStorage(options);
for (let n = 1; n <= 20; n += 1) {
  await one.storeGType({ ref: 'A', kind: 'object', description: `${n}` });
  // Waits for the feed of a storage whose connections are all idle.
  const entry = await first(other.entries());
  const { description } = await other.getGType('A');
  await other.storeGType({ ref: 'B', kind: 'object', description });
  await one.stats();
  if (entry.value.description !== `${n}` || (await one.getGType('B')).description !== description)
    process.exit(2);
}
console.log(JSON.stringify({ revision: (await one.stats()).revision }));
if (stayOpen !== true) await Promise.all([one.close(), other.close()]);

async function first(entries) {
  for await (const entry of entries) return entry;
}
