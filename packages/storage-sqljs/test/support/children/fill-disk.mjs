// Fills the disk that the store is on, frees it again, and reports what happened.
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createSqlJsStorage } from '@gati-framework/storage-sqljs';

const folder = process.argv[2];
writeFileSync(`${folder}/filler`, Buffer.alloc(256 * 1024));
const told = [];
const log = { info: () => {}, warn: ({ cause }) => told.push(cause), error: () => {} };
const create = () => createSqlJsStorage({ filename: `${folder}/store.db`, log });
const storage = create();
const record = (n) => ({ ref: `type-${n}`, kind: 'object', description: 'x'.repeat(10_000) });
const codeOf = (promise) =>
  promise.then(
    () => 'stored',
    ({ name, code, message }) => `${name} ${code} ${message}`,
  );

const acknowledged = [];
let failure = 'stored';
for (let n = 0; failure === 'stored'; n++) {
  failure = await codeOf(storage.storeGType(record(n)));
  if (failure === 'stored') acknowledged.push(n);
}
const batch = await codeOf(
  storage.commit(Array.from({ length: 200 }, (_, i) => ({ put: 'gtype', value: record(100_000 + i) }))),
);
const partOfBatch = (await storage.getGType('type-100000')) !== undefined;
const save = await codeOf(storage.save());
const lost = [];
for (const n of acknowledged) if ((await storage.getGType(`type-${n}`)) === undefined) lost.push(n);

rmSync(`${folder}/filler`);
const afterwards = await codeOf(storage.storeGType({ ref: 'after', kind: 'object' }));
const { gtypeCount, revision } = await storage.stats();
const close = await codeOf(storage.close()); // there may be no room for a snapshot: then the log stays

const reopened = create();
for (const n of acknowledged) if ((await reopened.getGType(`type-${n}`)) === undefined) lost.push(n);
const after = (await reopened.getGType('after')) !== undefined;
const reopenedClose = await codeOf(reopened.close());
const files = readdirSync(folder);
console.log(
  JSON.stringify({
    acknowledged: acknowledged.length,
    failure,
    batch,
    partOfBatch,
    save,
    close,
    reopenedClose,
    lost,
    afterwards,
    gtypeCount,
    revision,
    after,
    files,
    told,
  }),
);
