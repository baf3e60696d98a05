// Uses a storage, watches it, and ends without closing anything.
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';

const storage = createBetterSqlite3Storage({ filename: process.argv[2] });
await storage.storeGType({ ref: 'a', kind: 'object' });
storage.watch().next();
console.log(JSON.stringify({ stored: true }));
