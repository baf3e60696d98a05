// Adds one to a shared number again and again, with compare-and-set.
import { BACKENDS } from '../../../torture/harness/backends.mjs';

const [backend, filename, count] = process.argv.slice(2);
const storage = await BACKENDS[backend].create(filename, { lockTimeout: 60_000 });
let conflicts = 0;
for (let done = 0; done < Number(count); ) {
  const key = { ref: 'counter' };
  const entry = await storage.get({ kind: 'gtype', key });
  const next = String(Number(entry?.value.description ?? '0') + 1);
  await storage
    .commit([{ put: 'gtype', value: { ref: 'counter', kind: 'object', description: next } }], {
      expect: [entry ?? { kind: 'gtype', key, revision: null }],
    })
    .then(
      () => (done += 1),
      (error) => {
        if (error.code !== 'STORAGE_CONFLICT') throw error;
        conflicts += 1;
      },
    );
}
await storage.close();
console.log(JSON.stringify({ conflicts }));
