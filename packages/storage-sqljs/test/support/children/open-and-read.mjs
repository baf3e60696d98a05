// Opens a store for writing and for reading, and tells what came of it.
//
// Usage: node open-and-read.mjs <backend> <file> [name of a record]
import { BACKENDS } from '../../../../../torture/harness/backends.mjs';

const [backend, filename, ref = 'T'] = process.argv.slice(2);
const writer = await BACKENDS[backend].create(filename);
const open = await writer.open().then(
  () => 'opened',
  ({ code, message }) => `${code} ${message}`,
);
const reader = await BACKENDS[backend].create(filename, { readOnly: true });
const read = await reader.getGType(ref).then(
  (found) => found?.ref,
  ({ code, message }) => `${code} ${message}`,
);
await Promise.all([writer.close(), reader.close()]);
console.log(JSON.stringify({ open, read }));
