// Opens a store on a file system that cannot be written, as a writer and as a reader.
import { BACKENDS } from '../../../torture/harness/backends.mjs';

const [backend, filename] = process.argv.slice(2);
const writer = await BACKENDS[backend].create(filename, { lockTimeout: 200 });
const write = await writer.storeGType({ ref: 'new', kind: 'object' }).then(
  () => 'stored',
  (error) => error.code,
);
const writerRead = await writer.getGType('old').then(
  (found) => found?.ref,
  (error) => error.code,
);
await writer.close();
const reader = await BACKENDS[backend].create(filename, { readOnly: true });
const read = await reader.getGType('old').then(
  (found) => found?.ref,
  (error) => `${error.code}: ${error.message}`,
);
await reader.close();
console.log(JSON.stringify({ write, writerRead, read }));
