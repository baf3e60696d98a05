// Commits a stream of records to a file, each of so many bytes, and tells how much memory that took at most.
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';

const [filename, count, bytes] = process.argv.slice(2);
const storage = createBetterSqlite3Storage({ filename, durability: 'process-crash' });
const description = 'x'.repeat(Number(bytes));

async function* records() {
  for (let i = 0; i < Number(count); i++) {
    // Not one string for all: each is to take room of its own.
    yield {
      put: 'gtype',
      value: { ref: `t${i}`, kind: 'object', description: `${i}${description}`.slice(0, Number(bytes)) },
    };
  }
}

const revision = await storage.commit(records());
await storage.close();
console.log(JSON.stringify({ revision, peak: process.resourceUsage().maxRSS * 1024 }));
