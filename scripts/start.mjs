// `npm start`: from a fresh clone to a store with a real API in it.
import { mkdirSync, rmSync } from 'node:fs';
import { relative } from 'node:path';
import { root, setupWithoutNativeDriver, show } from './setup.mjs';

await setupWithoutNativeDriver();

// A folder for itself, as a run that was cut short leaves more than one file.
const folder = `${root}.tmp/first-run`;
const file = `${folder}/gati.db`;
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

for (const script of ['import', 'reopen']) {
  const status = await show(process.execPath, [`${root}examples/first-run/${script}.mjs`, file]);
  if (status !== 0) process.exit(status);
}

const shown = relative(process.cwd(), file);
console.log(`
The same in your own project:

  import { importDocument, openStorage } from '@gati-framework/storage-cli';
  const storage = await openStorage('sqljs:./gati.db');
  const report = await importDocument(storage, { file: 'openapi.yaml' });

Look around in the file:

  npx gati-storage list --store sqljs:${shown}
  npx gati-storage show getFileMeta --store sqljs:${shown}
  sqlite3 ${shown} 'SELECT handler_id, version, revision FROM manifests'
`);
