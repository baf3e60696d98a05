// `npm start`: from a fresh clone to a store with a real API in it.
import { mkdirSync, rmSync } from 'node:fs';
import { relative } from 'node:path';
import { root, setup, show } from './setup.mjs';

await setup();

const file = `${root}.tmp/first-run.db`;
mkdirSync(`${root}.tmp`, { recursive: true });
for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });

for (const script of ['import', 'reopen']) {
  const status = await show(process.execPath, [`${root}examples/first-run/${script}.mjs`, file]);
  if (status !== 0) process.exit(status);
}

const shown = relative(process.cwd(), file);
console.log(`
The same in your own project:

  import { importDocument, openStorage } from '@gati-framework/storage-cli';
  const storage = await openStorage('sqlite:./gati.db');
  const report = await importDocument(storage, { file: 'openapi.yaml' });

Look around in the file:

  npx gati-storage list --store sqlite:${shown}
  npx gati-storage show getFileMeta --store sqlite:${shown}
  sqlite3 ${shown} 'SELECT handler_id, version, revision FROM manifests'
`);
