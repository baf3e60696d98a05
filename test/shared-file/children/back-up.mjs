// Backs up a store, and tells what became of it as one line of JSON; with `pausing`, tells first that it has begun to copy, and waits
// for its end.
import { readdirSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { BACKENDS } from '../../../torture/harness/backends.mjs';

const [backend, filename, target, pausing] = process.argv.slice(2);
const onProgress = () => {
  if (pausing === undefined) return;
  writeSync(1, 'copying\n');
  // It blocks: the process is to be killed in the middle of its backup.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
};
const { backUpFile } = await BACKENDS[backend].backup();
const outcome = await backUpFile(filename, target, { onProgress }).catch(({ code, message }) => ({
  code,
  message,
  left: readdirSync(dirname(target)),
}));
console.log(JSON.stringify(outcome));
