// Commits so many records, each with so many characters, as a stream; says when half of them were taken, and at the end.
import { createPostgresStorage } from '@gati-framework/storage-postgres';

const [connectionString, schema, count, size] = process.argv.slice(-4);
const storage = createPostgresStorage({ connectionString, schema });

async function* changes() {
  for (let n = 0; n < Number(count); n += 1) {
    if (n === Number(count) / 2) process.stdout.write('half\n');
    yield {
      put: 'gtype',
      value: { ref: `${n}`, kind: 'object', description: `${n}`.padEnd(Number(size), 'x') },
    };
  }
}

const revision = await storage.commit(changes());
await storage.close();
process.stdout.write(`committed ${revision}\n`);
