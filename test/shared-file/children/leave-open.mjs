// Uses a storage, watches it, and ends without closing anything.
import { BACKENDS } from '../../../torture/harness/backends.mjs';

const storage = await BACKENDS[process.argv[2]].create(process.argv[3]);
await storage.storeGType({ ref: 'a', kind: 'object' });
storage.watch().next();
console.log(JSON.stringify({ stored: true }));
