import { once } from 'node:events';
import { readdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import { openStorage } from '@gati-framework/storage-tools';
import { expect, onTestFinished, test } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { runCommand } from './support/command.js';

async function filled(scheme: string, records: number): Promise<{ folder: string; store: string }> {
  const folder = temporaryFolder();
  const store = `${scheme}:${join(folder, 'gati.db')}`;
  await using storage = await openStorage(store);
  await storage.commit(
    Array.from({ length: records }, (_, i) => ({ put: 'gtype', value: gtype(`t${i}`, 'x'.repeat(2_000)) })),
  );
  return { folder, store };
}

test.each(['sqlite', 'sqljs'])('a %s: store is backed up, and told in words and as JSON', async (scheme) => {
  const { folder, store } = await filled(scheme, 2);
  const file = join(folder, 'backup.db');
  const { code, out, err } = await runCommand(['backup', file, '--store', store]);
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatch(
    new RegExp(`^${file}: 2 records as of revision 1, \\d+\\.?\\d* KiB, read back and checked\\n$`),
  );
  const told = await runCommand(['backup', file, '--store', store, '--json']);
  expect(JSON.parse(told.out)).toEqual({ file, bytes: expect.any(Number), records: 2, revision: 1 });
});

test.each(['postgres://me:geheim@localhost/gati', 'memory:'])(
  'a backup of %s is wrong usage, which names what there is instead',
  async (store) => {
    const { code, err } = await runCommand(['backup', 'backup.db', '--store', store]);
    expect(code).toBe(2);
    expect(err).toContain('The store is no file: back up PostgreSQL with pg_dump, or');
    expect(err).not.toContain('geheim');
  },
);

test('what is in the place of a backup is refused in words of the command', async () => {
  const { folder, store } = await filled('sqlite', 1);
  const other = await filled('sqlite', 2);
  const args = ['backup', join(other.folder, 'gati.db'), '--store', store];
  const { code, err } = await runCommand(args);
  expect([code, err]).toEqual([1, expect.stringContaining('or give --overwrite to replace it')]);
  expect(await runCommand([...args, '--overwrite'])).toMatchObject({ code: 0, err: '' });
  expect(await runCommand(['backup', join(folder, 'no', 'a.db'), '--store', store])).toMatchObject({
    code: 1,
    err: expect.stringContaining('Name a file in a folder that is there'),
  });
  const missing = await runCommand(['backup', 'a.db', '--store', `sqlite:${join(folder, 'none.db')}`]);
  expect(missing).toMatchObject({ code: 1, err: expect.stringContaining('none.db does not exist') });
});

test('Ctrl-C in the middle of a backup leaves nothing of it', async () => {
  const { folder, store } = await filled('sqlite', 3_000);
  const interrupt = new AbortController();
  const watcher = watch(folder);
  onTestFinished(() => watcher.close());
  const command = runCommand(['backup', join(folder, 'backup.db'), '--store', store], {
    signal: interrupt.signal,
  });
  await once(watcher, 'change');
  interrupt.abort();
  expect(await command).toMatchObject({ code: 130, err: expect.stringContaining('interrupted') });
  expect(readdirSync(folder).filter((name) => name.startsWith('backup'))).toEqual([]);
});
