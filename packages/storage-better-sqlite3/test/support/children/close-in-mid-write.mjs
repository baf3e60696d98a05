// Asks for writes, does not wait for them, closes, and ends.
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';

const storage = createBetterSqlite3Storage({ filename: process.argv[2] });
let acknowledged = 0;
for (let i = 0; i < 100; i++) {
  storage.storeGType({ ref: `type-${i}`, kind: 'object' }).then(() => acknowledged++);
}
await storage.close();
console.log(JSON.stringify({ acknowledged }));
