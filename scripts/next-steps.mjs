import { relative } from 'node:path';
import { root } from './setup.mjs';

/**
 * What `npm start` shows at its end. The command is named by its file: npm links the commands of a
 * workspace when it installs, and in a fresh clone there is nothing to link yet.
 */
export function nextSteps(file) {
  const shown = relative(process.cwd(), file);
  const command = `node ${relative(process.cwd(), `${root}packages/storage-cli/dist/bin.js`)}`;
  return `
Look around in the file:

  ${command} list --store sqljs:${shown}
  ${command} show getFileMeta --store sqljs:${shown}

It is a plain SQLite file, also for SQLite's own command where that is installed:

  sqlite3 ${shown} 'SELECT handler_id, version, revision FROM manifests'

The same in your own project, after
npm install @gati-framework/api-import @gati-framework/storage-tools @gati-framework/storage-sqljs sql.js:

  import { importDocument } from '@gati-framework/api-import';
  import { openStorage } from '@gati-framework/storage-tools';
  const storage = await openStorage('sqljs:./gati.db');
  const report = await importDocument(storage, { file: 'openapi.yaml' });
`;
}
