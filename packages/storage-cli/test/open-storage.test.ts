import { execFile } from 'node:child_process';
import { copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openStorage } from '@gati-framework/storage-cli';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from './documents.js';

describe('openStorage', () => {
  test('memory: is a storage in memory', async () => {
    await using storage = await openStorage('memory:');
    expect(storage.name).toBe('memory');
    expect((await storage.stats()).revision).toBe(0);
  });

  test('sqlite: is a storage in a file, which is there for the next one', async () => {
    const url = `sqlite:${join(await temporaryFolder(), 'gati.db')}`;
    {
      await using storage = await openStorage(url);
      expect(storage.name).toBe('better-sqlite3');
      await storage.storeGType({ ref: 'A', kind: 'primitive', primitiveType: 'string' });
    }
    await using again = await openStorage(url, { readOnly: true });
    expect(await again.getGType('A')).toMatchObject({ ref: 'A' });
    await expect(again.clear()).rejects.toMatchObject({ code: 'STORAGE_READONLY' });
  });

  test('opened to read, a file that is missing stays missing', async () => {
    const url = `sqlite:${join(await temporaryFolder(), 'gati.db')}`;
    await using storage = await openStorage(url, { readOnly: true });
    await expect(storage.open()).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
  });

  test.each(['', 'gati.db', 'mysql://localhost/x', 'postgres://localhost/x', ':x', 'sqlite:', 'memory:x'])(
    '%j is refused with the forms that are known',
    async (url) => {
      const refusal = openStorage(url);
      await expect(refusal).rejects.toMatchObject({ code: 'INVALID_OPTIONS', path: 'url' });
      await expect(refusal).rejects.toThrow(/memory:|sqlite:/);
    },
  );

  test('a package that is not installed is named', async () => {
    const folder = await temporaryFolder();
    const scope = join(folder, 'node_modules', '@gati-framework');
    await mkdir(scope, { recursive: true });
    const packages = fileURLToPath(new URL('../..', import.meta.url));
    await symlink(join(packages, 'manifest-store'), join(scope, 'manifest-store'), 'junction');
    await copyFile(
      join(packages, 'storage-cli', 'dist', 'open-storage.js'),
      join(folder, 'open-storage.mjs'),
    );
    const script = join(folder, 'script.mjs');
    await writeFile(
      script,
      "import { openStorage } from './open-storage.mjs';\n" +
        "await openStorage('sqlite:./x.db').catch(({ code, message }) => console.log(code, message));\n",
    );
    const { stdout } = await promisify(execFile)(process.execPath, [script]);
    expect(stdout).toContain('STORAGE_DRIVER_MISSING');
    expect(stdout).toContain('npm install @gati-framework/storage-better-sqlite3 better-sqlite3');
  });
});
