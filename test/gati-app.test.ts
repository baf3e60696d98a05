import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, inject, onTestFinished, test } from 'vitest';
import { dropSchema } from '../packages/storage-postgres/test/support/schemas.js';
import { currentNode } from '../scripts/current-node.mjs';
import { codeBlocksOf } from './support/code-blocks.js';
import { temporaryFolder } from './support/temporary-folder.js';

const execute = promisify(execFile);
const script = fileURLToPath(new URL('../examples/gati-app/run.mjs', import.meta.url));
const printed = codeBlocksOf('examples/gati-app/README.md');

/** The server is that of all tests, so a schema of its own is needed. */
function postgresUrl(): string {
  const schema = `app_${randomUUID().replaceAll('-', '_')}`;
  onTestFinished(() => dropSchema(inject('postgresUrl'), schema));
  const url = new URL(inject('postgresUrl'));
  url.searchParams.set('schema', schema);
  return url.href;
}

function serverUrl(url: string): string | undefined {
  if (url === 'postgres:') return postgresUrl();
  return url === 'etcd:' ? `${inject('etcdUrl').replace(/^http/, 'etcd')}/${randomUUID()}` : undefined;
}

/** Where better-sqlite3 does not run, a file is opened by the SQLite of Node.js. */
const cases: readonly (readonly [url: string, printed: string, node: string])[] = [
  ['memory:', 'memory', process.execPath],
  ['sqljs:./gati.db', 'memory', process.execPath],
  ['sqlite:./gati.db', 'shared', process.execPath],
  ['sqlite:./gati.db', 'shared', currentNode()],
  ['postgres:', 'shared', process.execPath],
  ...(inject('etcdUrl') === '' ? [] : [['etcd:', 'shared', process.execPath] as const]),
];

test.each(cases)('the application on %s does what its page prints (%s, %s)', async (url, name, node) => {
  const store = serverUrl(url) ?? url;
  const { stdout } = await execute(node, [script, store], { cwd: temporaryFolder() });
  expect(stdout).toBe(printed.find((block) => block.name === name)?.code);
});

test('the application says what is to be done where its store cannot be opened', async () => {
  const failed = execute(process.execPath, [script, 'mysql://app:secret@127.0.0.1/gati'], {
    cwd: temporaryFolder(),
  });
  const { code, stderr } = await failed.then(
    () => expect.fail('it runs without a store'),
    (error: { readonly code: number; readonly stderr: string }) => error,
  );
  expect(code).toBe(1);
  expect(stderr.trim().split('\n').at(-1)).toContain('write one of memory:');
  expect(stderr).not.toContain('secret');
});
