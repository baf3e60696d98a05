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
  expect(err).not.toMatch(OPTIONS);
}, 30_000);

test('a schema without a store is told of in words of the command', async () => {
  const { code, err } = await runCommand(['list', '--store', `${inject('postgresUrl')}?schema=nothing_here`]);
  expect(code).toBe(1);
  expect(err).toContain('or open a storage first that may make it, as an import does.');
  expect(err).not.toMatch(OPTIONS);
});
