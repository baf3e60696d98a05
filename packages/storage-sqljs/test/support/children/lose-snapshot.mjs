// Writes to a new store while somebody removes each snapshot before it takes its place, and reports what came of it.
//
// Usage: node lose-snapshot.mjs <folder>
import { readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { countFileCalls } from '../../../../../torture/harness/faults/file-calls.mjs';
import { UNHEARD } from './write-and-fold.mjs';

const [folder] = process.argv.slice(2);
const { createSqlJsStorage } = await import('@gati-framework/storage-sqljs');
let lost = 0;
await countFileCalls({ folder }, (name, _, call) => {
  if (name === 'statSync')
    for (const file of readdirSync(folder).filter((one) => one.includes('-new-'))) {
      unlinkSync(join(folder, file));
      lost += 1;
    }
  return call();
});
const storage = createSqlJsStorage({ filename: join(folder, 'store.db'), log: UNHEARD });
const codeOf = (work) =>
  work().then(
    () => 'done',
    ({ code }) => code,
  );
const stored = await codeOf(() => storage.storeGType({ ref: 'A', kind: 'object' }));
const saved = await codeOf(() => storage.save());
const closed = await codeOf(() => storage.close());
console.log(JSON.stringify({ lost, stored, saved, closed, files: readdirSync(folder) }));
