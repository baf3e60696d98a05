import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInMemoryStorage } from '@gati-framework/manifest-store';
import { noteOf, openStorage } from '@gati-framework/storage-tools';
import { expect, test } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { users } from '../../api-import/test/support/documents.js';
import { runCommand } from './support/command.js';

test('the log tells what a command did and what was said of it', async () => {
  const folder = temporaryFolder();
  const store = `sqlite:${join(folder, 'gati.db')}`;
  const document = join(folder, 'users.json');
  const bundle = join(folder, 'records.json');
  await writeFile(document, users('string', '1.0.0'));
  await writeFile(
    bundle,
    JSON.stringify({ format: 'gati-storage-deployment', version: 1, gtypes: [gtype('Deployed')] }),
  );
  const commands = [
    ['import', document],
    ['deploy', bundle, '--note', 'prices in cents'],
    ['delete', 'gtype', 'Deployed', '--yes'],
    ['deploy', bundle],
    ['delete', 'gtype', 'Deployed', '--yes', '--note', 'a mistake'],
  ];
  for (const command of commands) {
    expect(await runCommand([...command, '--store', store])).toMatchObject({ code: 0, err: '' });
  }
  const notes: unknown[] = [];
  await using storage = await openStorage(store);
  for await (const { note } of storage.log()) notes.push(note);
  expect(notes).toEqual([
    `import ${document}`,
    `deploy ${bundle}: prices in cents`,
    'delete gtype Deployed',
    `deploy ${bundle}`,
    'delete gtype Deployed: a mistake',
  ]);
});

test('what was done is left out where it would make the note too long, and what was said never is', () => {
  const storage = createInMemoryStorage();
  const long = 'x'.repeat(1_020);
  expect(noteOf(storage, `import ${long}`, undefined)).toEqual({ note: 'import' });
  expect(noteOf(storage, 'import a.yaml', long)).toEqual({ note: long });
  expect(noteOf(storage, 'import a\0b', undefined)).toEqual({ note: 'import' });
  const plain = { capabilities: { ...storage.capabilities, history: false } };
  expect(noteOf(plain, 'import a.yaml', undefined)).toEqual({});
  expect(noteOf(plain, 'import a.yaml', 'why')).toEqual({ note: 'why' });
});
