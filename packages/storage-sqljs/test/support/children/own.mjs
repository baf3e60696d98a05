// Opens a store, says so, and stays until it is ended.
//
// Usage: node own.mjs <file> [backend]
import { BACKENDS } from '../../../../../torture/harness/backends.mjs';

const [filename, backend = 'sqljs'] = process.argv.slice(2);
const storage = await BACKENDS[backend].create(filename);
await storage.storeGType({ ref: 'owned', kind: 'object' });
console.log('open');
setInterval(() => {}, 1_000);
