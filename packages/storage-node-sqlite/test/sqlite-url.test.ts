import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';

const packages = fileURLToPath(new URL('../../', import.meta.url));

const PROGRAM = `
import { openStorage } from '@gati-framework/storage-tools';
const writer = await openStorage('sqlite:gati.db');
await writer.storeGType({ ref: 'A', kind: 'object' });
await writer.close();
const reader = await openStorage('sqlite:gati.db', { readOnly: true });
console.log(JSON.stringify([reader.name, await reader.getGType('A')]));
await reader.close();
`;

/** A project with packages of ours: copies, so that each finds only what the project has. */
function install(names: readonly string[]): string {
  const project = temporaryFolder();
  for (const name of names) {
    const folder = join(project, 'node_modules/@gati-framework', name);
    for (const part of ['package.json', 'dist'])
      cpSync(join(packages, name, part), join(folder, part), { recursive: true });
  }
  // What storage-kit depends on.
  symlinkSync(join(packages, '../node_modules/devalue'), join(project, 'node_modules/devalue'), 'junction');
  writeFileSync(join(project, 'program.mjs'), PROGRAM);
  return project;
}

function installBrokenDriver(project: string): void {
  const folder = join(project, 'node_modules/better-sqlite3');
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{ "name": "better-sqlite3", "version": "12.11.1" }');
  writeFileSync(join(folder, 'index.js'), "throw new Error('Could not locate the bindings file.');");
}

const OURS = ['manifest-store', 'storage-kit', 'storage-sqlite', 'storage-tools', 'storage-node-sqlite'];

test.each([
  ['storage-better-sqlite3 is not installed', OURS, () => {}],
  ['better-sqlite3 is not installed', [...OURS, 'storage-better-sqlite3'], () => {}],
  ['better-sqlite3 has no binary', [...OURS, 'storage-better-sqlite3'], installBrokenDriver],
])('sqlite: goes through the SQLite of Node.js where %s', async (_, names, prepare) => {
  const project = install(names);
  prepare(project);
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['program.mjs'], { cwd: project });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual(['node-sqlite', { ref: 'A', kind: 'object' }]);
});
