import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openStorage } from '@gati-framework/storage-tools';
import { beforeEach, describe, expect, test } from 'vitest';
import { reading, temporaryFolder, users } from '../../api-import/test/support/documents.js';
import { BIN, type Result, runCommand } from './support/command.js';

describe.each(['sqljs', 'sqlite'])('gati-storage on a %s: store', (scheme) => {
  let folder: string;
  let store: string;

  beforeEach(async () => {
    folder = await temporaryFolder();
    store = `${scheme}:${join(folder, 'gati.db')}`;
  });

  function gati(...args: string[]): Promise<Result> {
    return runCommand([...args, '--store', store]);
  }

  async function document(name: string, text: string): Promise<string> {
    await mkdir(join(folder, 'documents'), { recursive: true });
    const path = join(folder, 'documents', name);
    await writeFile(path, text);
    return path;
  }

  test('imports, lists and shows, and leaves the file alone', async () => {
    const path = await document('old.json', users('string', '1.0.0'));
    expect((await gati('import', path)).out).toContain('as revision 1');
    const second = await gati('import', await document('new.json', users('number', '2.0.0')));
    expect(second).toMatchObject({ code: 0, err: '', out: expect.stringContaining('BREAKING') });
    const bytes = await readFile(join(folder, 'gati.db'));
    expect((await gati('list')).out).toContain('2 handlers, 3 versions, 1 of them breaking (!); revision 2');
    expect((await gati('show', 'users.get')).out).toContain('version 2.0.0 (latest)');
    expect((await readFile(join(folder, 'gati.db'))).equals(bytes)).toBe(true);
  });

  test('reads what another process has open', async () => {
    await using storage = await openStorage(store);
    await storage.storeGType({ ref: 'A', kind: 'primitive', primitiveType: 'string' });
    const before = await readdir(folder);
    const { stdout } = await promisify(execFile)(process.execPath, [BIN, 'list', '--store', store]);
    expect(stdout).toContain('1 GType,');
    const path = await document('new.json', users('number', '2.0.0'));
    const dry = await promisify(execFile)(process.execPath, [
      BIN,
      'import',
      path,
      '--dry-run',
      '--store',
      store,
    ]);
    expect(dry.stdout).toContain('Would import');
    expect(await readdir(folder)).toEqual(['documents', ...before]);
  });

  test('imports of several processes at once all succeed', async () => {
    const imports = ['a', 'b', 'c'].map(async (name) => {
      const text = reading({ type: 'string' }).replaceAll('read', name).replaceAll('/things', `/${name}`);
      const path = await document(`${name}.json`, text);
      return promisify(execFile)(process.execPath, [BIN, 'import', path, '--store', store]);
    });
    await Promise.all(imports);
    expect((await gati('list')).out).toContain('3 handlers, 3 versions, 0 of them breaking (!); revision 3');
  });

  test.each([['list'], ['show', 'users.get']])('%s says that a store does not exist', async (...args) => {
    const { code, out, err } = await gati(...args);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(`STORAGE_UNAVAILABLE: ${join(folder, 'gati.db')} does not exist.`);
    expect(err).toContain(`gati-storage import <file> --store ${store}`);
    expect(await readdir(folder)).toEqual([]);
  });
});
