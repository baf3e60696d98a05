// Writes records of its own as fast as it can, from the moment the file may not even exist.
import { BACKENDS } from '../../../torture/harness/backends.mjs';

const [backend, filename, writer, count] = process.argv.slice(2);
const storage = await BACKENDS[backend].create(filename, { lockTimeout: 60_000 });
const revisions = [];
for (let i = 0; i < Number(count); i++) {
  revisions.push(
    await storage.commit([
      { put: 'gtype', value: { ref: `${writer}.${i}`, kind: 'object' } },
      { put: 'gtype', value: { ref: 'shared', kind: 'object', description: `${writer}.${i}` } },
    ]),
  );
}
await storage.close();
console.log(JSON.stringify({ revisions }));
