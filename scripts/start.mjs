// `npm start`: from a fresh clone to a store with a real API in it.
import { mkdirSync, rmSync } from 'node:fs';
import { firstStore, nextSteps } from './next-steps.mjs';
import { root, setupWithoutNativeDriver, show } from './setup.mjs';

await setupWithoutNativeDriver();

// A folder for itself, as a run that was cut short leaves more than one file.
const folder = `${root}.tmp/first-run`;
const file = `${folder}/gati.db`;
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

const store = await firstStore(file);
for (const script of ['import', 'reopen']) {
  const status = await show(process.execPath, [`${root}examples/first-run/${script}.mjs`, store.url]);
  if (status !== 0) process.exit(status);
}

console.log(nextSteps(file, store));
