// Fills the disk that the store is on, frees it again, and reports what happened.
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { BACKENDS } from '../../../torture/harness/backends.mjs';

const [backend, folder] = process.argv.slice(2);
writeFileSync(`${folder}/filler`, Buffer.alloc(256 * 1024));
const storage = await BACKENDS[backend].create(`${folder}/store.db`);
const record = (n) => ({ ref: `type-${n}`, kind: 'object', description: 'x'.repeat(10_000) });

const acknowledged = [];
let failure;
for (let n = 0; failure === undefined; n++) {
  await storage.storeGType(record(n)).then(
    () => acknowledged.push(n),
    (error) => (failure = { code: error.code, name: error.name, message: error.message }),
  );
}
// A batch of which only a part would fit.
const batch = await storage
  .commit(Array.from({ length: 200 }, (_, i) => ({ put: 'gtype', value: record(100_000 + i) })))
  .then(
    () => 'stored',
    (error) => error.code,
  );
const partOfBatch = (await storage.getGType('type-100000')) !== undefined;
const lost = [];
for (const n of acknowledged) if ((await storage.getGType(`type-${n}`)) === undefined) lost.push(n);

rmSync(`${folder}/filler`);
await storage.storeGType({ ref: 'after', kind: 'object' });
const { gtypeCount, revision } = await storage.stats();
await storage.close();

const reopened = await BACKENDS[backend].create(`${folder}/store.db`);
for (const n of acknowledged) if ((await reopened.getGType(`type-${n}`)) === undefined) lost.push(n);
const after = (await reopened.getGType('after')) !== undefined;
await reopened.close();
console.log(
  JSON.stringify({
    acknowledged: acknowledged.length,
    failure,
    batch,
    partOfBatch,
    lost,
    gtypeCount,
    revision,
    after,
    files: readdirSync(folder),
  }),
);
