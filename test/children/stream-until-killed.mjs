// Commits a stream that does not end, and tells when so many records of it have been taken.
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';

const [filename, count] = process.argv.slice(2);
const storage = createBetterSqlite3Storage({ filename });

async function* records() {
  for (let i = 0; ; i++) {
    if (i === Number(count)) console.log('taken');
    yield {
      put: 'gtype',
      value: { ref: i === 0 ? 'a' : `t${i}`, kind: 'object', description: 'x'.repeat(1_000) },
    };
  }
}

await storage.commit(records());
