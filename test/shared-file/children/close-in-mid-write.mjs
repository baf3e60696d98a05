// Asks for writes, does not wait for them, closes, and ends.
import { BACKENDS } from '../../../torture/harness/backends.mjs';

const storage = await BACKENDS[process.argv[2]].create(process.argv[3]);
let acknowledged = 0;
for (let i = 0; i < 100; i++) {
  storage.storeGType({ ref: `type-${i}`, kind: 'object' }).then(() => acknowledged++);
}
await storage.close();
console.log(JSON.stringify({ acknowledged }));
