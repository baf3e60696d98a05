import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSqlJsStorage } from '@gati-framework/storage-sqljs';
import { expect, inject, test } from 'vitest';
import { temporaryFolder, users } from '../../api-import/test/support/documents.js';
import { runCommand } from './support/command.js';

/** Names of options that no command has. */
const OPTIONS = /readOnly|migrate: |\w+Timeout|the option|pooler: true/;

test('a store that another program has is told of in words of the command', async () => {
  const folder = await temporaryFolder();
  const [filename, document] = [join(folder, 'gati.db'), join(folder, 'users.json')];
  await writeFile(document, users('string', '1.0.0'));
  await using owner = createSqlJsStorage({ filename });
  await owner.open();
  const { code, err } = await runCommand(['import', document, '--store', `sqljs:${filename}`]);
  expect(code).toBe(1);
  expect(err).toContain('STORAGE_LOCKED');
  expect(err).toContain('look at it with list and show, which only read');
  expect(err).toContain('for several writers, write sqlite: for sqljs: in the URL of each.\n');
  expect(err).not.toMatch(OPTIONS);
}, 30_000);

test.each(['sqljs', 'sqlite'])(
  'a file without a store is told of by its plain name, and by the command that makes one (%s)',
  async (scheme) => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'empty.db'), '');
    const store = `${scheme}:${folder}/./empty.db`;
    const listed = await runCommand(['list', '--store', store]);
    expect(listed).toMatchObject({ code: 1, out: '' });
    expect(listed.err).toContain(`${join(folder, 'empty.db')} holds no store`);
    expect(listed.err).toContain('gati-storage migrate makes it one.');
    expect(await runCommand(['migrate', '--store', store])).toMatchObject({ code: 0 });
    expect(await runCommand(['list', '--store', store])).toMatchObject({ code: 0 });
  },
);

test('a password that makes a URL unreadable is told of, and not repeated', async () => {
  const { code, err } = await runCommand(['list', '--store', 'postgres://app:pa/ss@word@localhost/shop']);
  expect(code).toBe(2);
  expect(err).toContain(
    'the URL of the store cannot be read; percent-encode the special characters in its password.\n',
  );
  expect(err).not.toContain('ss@word');
});

test('a schema without a store is told of in words of the command', async () => {
  const { code, err } = await runCommand(['list', '--store', `${inject('postgresUrl')}?schema=nothing_here`]);
  expect(code).toBe(1);
  expect(err).toContain('or open a storage first that may make it, as import and migrate do.');
  expect(err).not.toMatch(OPTIONS);
});
