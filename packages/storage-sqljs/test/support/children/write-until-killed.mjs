// Stores records without end, and prints the name of each that was acknowledged.
//
// Usage: node write-until-killed.mjs <backend> <file>
import { writeSync } from 'node:fs';
import { BACKENDS } from '../../../../../torture/harness/backends.mjs';

const [backend, filename] = process.argv.slice(2);
const storage = await BACKENDS[backend].create(filename);
for (let n = 0; ; n++) {
  await storage.storeGType({ ref: `type-${n}`, kind: 'object', description: 'x'.repeat(n % 3_000) });
  writeSync(1, `type-${n}\n`);
}
