import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, expect, test } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { users } from '../../api-import/test/support/documents.js';
import { BIN, runCommand } from './support/command.js';

const HOOK = `export async function load(url, context, next) {
  console.error('loads ' + url);
  return next(url, context);
}`;
const dataUrl = (script: string): string => `data:text/javascript,${encodeURIComponent(script)}`;
const REGISTER = dataUrl(
  `import { register } from 'node:module'; register(${JSON.stringify(dataUrl(HOOK))});`,
);

let folder: string;

beforeEach(async () => {
  folder = temporaryFolder();
  const document = join(folder, 'users.json');
  await writeFile(document, users('string', '1.0.0'));
  await runCommand(['import', document, '--store', `sqlite:${join(folder, 'gati.db')}`]);
});

/** What a command loads to answer from a file. */
async function loadedBy(...args: string[]): Promise<string> {
  const command = ['--import', REGISTER, BIN, ...args, '--store', `sqlite:${join(folder, 'gati.db')}`];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, command);
  expect(stdout).toContain('users.get');
  return stderr;
}

test('list loads the backend that the URL names, and nothing that imports', async () => {
  const loaded = await loadedBy('list');
  expect(loaded).toContain('/storage-better-sqlite3/');
  expect(loaded).not.toMatch(/\/(api-import|yaml|storage-sqljs|storage-postgres)\//);
});

test('show loads what compares, and nothing that reads documents', async () => {
  const loaded = await loadedBy('show', 'users.get');
  expect(loaded).toContain('/api-import/');
  expect(loaded).not.toMatch(/\/(yaml|openapi|storage-sqljs|storage-postgres)\//);
});
