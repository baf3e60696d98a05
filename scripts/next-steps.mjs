import { relative } from 'node:path';
import { root } from './setup.mjs';

const OF_NODE = { scheme: 'sqlite', packages: '@gati-framework/storage-node-sqlite' };
const OF_SQLJS = { scheme: 'sqljs', packages: '@gati-framework/storage-sqljs sql.js' };

/** How a file is kept with nothing to compile: by the SQLite of this Node.js where it has one, else by sql.js. */
export async function firstStore(file) {
  const { assertDriverRuns } = await import('@gati-framework/storage-node-sqlite'); // which setup builds
  const { scheme, packages } = runs(assertDriverRuns) ? OF_NODE : OF_SQLJS;
  return { scheme, packages, url: `${scheme}:${file}` };
}

function runs(assertion) {
  try {
    assertion();
    return true;
  } catch {
    return false;
  }
}

/**
 * What `npm start` shows at its end. The command is named by its file: npm links the commands of a
 * workspace when it installs, and in a fresh clone there is nothing to link yet.
 */
export function nextSteps(file, { scheme, packages }) {
  const shown = relative(process.cwd(), file);
  const command = `node ${relative(process.cwd(), `${root}packages/storage-cli/dist/bin.js`)}`;
  return `
Look around in the file:

  ${command} list --store ${scheme}:${shown}
  ${command} show getFileMeta --store ${scheme}:${shown}

It is a plain SQLite file, also for SQLite's own command where that is installed:

  sqlite3 ${shown} 'SELECT handler_id, version, revision FROM manifests'

The same in your own project, after
npm install @gati-framework/api-import @gati-framework/storage-tools ${packages}:

  import { importDocument } from '@gati-framework/api-import';
  import { openStorage } from '@gati-framework/storage-tools';
  const storage = await openStorage('${scheme}:./gati.db');
  const report = await importDocument(storage, { file: 'openapi.yaml' });
`;
}
