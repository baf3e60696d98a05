// Opens a store, says so, and stays until it is killed.
import { createSqlJsStorage } from '@gati-framework/storage-sqljs';

const storage = createSqlJsStorage({ filename: process.argv[2] });
await storage.storeGType({ ref: 'owned', kind: 'object' });
console.log('open');
process.stdin.resume();
