// Writes, prints what was acknowledged, and dies at one call of node:fs.
//
// Usage: node die-at-call.mjs <file> <number of the call>
import { writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { countFileCalls } from '../../../../../torture/harness/faults/file-calls.mjs';

const [filename, k] = process.argv.slice(2);
const { writeAndFold } = await import('./write-and-fold.mjs');
let count = 0;
countFileCalls({ folder: dirname(filename) }, (_, __, call) => {
  if (count++ === Number(k)) process.kill(process.pid, 'SIGKILL');
  return call();
});
await writeAndFold(filename, (name, error) => {
  if (error === undefined) writeSync(1, `${name}\n`);
});
writeSync(1, 'done\n');
