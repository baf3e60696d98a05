import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cp, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect, promisify } from 'node:util';
import { openStorage, shownUrl, storageFile } from '@gati-framework/storage-tools';
import { inspectStore, migrateStore, migrationScript } from '@gati-framework/storage-tools/schema';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { dropPrefix } from '../../storage-etcd/test/support/places.js';

const etcd = inject('etcdUrl');
const packages = fileURLToPath(new URL('../../', import.meta.url));

describe('openStorage', () => {
  test('memory: is a storage in memory', async () => {
    await using storage = await openStorage('memory:');
    expect(storage.name).toBe('memory');
    expect((await storage.stats()).revision).toBe(0);
  });

  test.each([
    ['sqljs', 'sqljs'],
    ['sqlite', 'better-sqlite3'],
  ])('%s: is a storage in a file, which is there for the next one', async (scheme, name) => {
    const url = `${scheme}:${join(temporaryFolder(), 'gati.db')}`;
    {
      await using storage = await openStorage(url);
      expect(storage.name).toBe(name);
      await storage.storeGType({ ref: 'A', kind: 'primitive', primitiveType: 'string' });
    }
    await using again = await openStorage(url, { readOnly: true });
    expect(await again.getGType('A')).toMatchObject({ ref: 'A' });
    await expect(again.clear()).rejects.toMatchObject({ code: 'STORAGE_READONLY' });
  });

  test.skipIf(etcd === '')('etcd: is a storage under a prefix, which is there for the next one', async () => {
    const prefix = `tools/${randomUUID()}`;
    onTestFinished(() => dropPrefix(etcd, prefix).then(() => {}));
    const url = `${etcd.replace('http:', 'etcd:')}/${prefix}`;
    expect(await inspectStore(url)).toMatchObject({ scheme: 'etcd', schema: prefix, schemaVersion: 0 });
    {
      await using storage = await openStorage(url);
      expect(storage.name).toBe('etcd');
      await storage.storeGType({ ref: 'A', kind: 'primitive', primitiveType: 'string' });
    }
    await using again = await openStorage(url, { readOnly: true });
    expect(await again.getGType('A')).toMatchObject({ ref: 'A' });
    await expect(again.clear()).rejects.toMatchObject({ code: 'STORAGE_READONLY' });
    expect(await inspectStore(url)).toMatchObject({ schemaVersion: 1, knownVersion: 1 });
    expect([await migrationScript(url), await migrateStore(url)]).toEqual(['', { from: 1, to: 1 }]);
  });

  test('sqljs: and sqlite: name the same file', async () => {
    const file = join(temporaryFolder(), 'gati.db');
    for (const scheme of ['sqljs', 'sqlite', 'sqljs']) {
      await using storage = await openStorage(`${scheme}:${file}`);
      const { revision } = await storage.stats();
      await storage.storeGType({ ref: `${scheme} ${revision}`, kind: 'primitive', primitiveType: 'string' });
    }
    await using storage = await openStorage(`sqlite:${file}`, { readOnly: true });
    expect(await storage.stats()).toMatchObject({ revision: 3, gtypeCount: 3 });
  });

  test.each(['sqljs', 'sqlite'])(
    'opened to read, a %s: file that is missing stays missing',
    async (scheme) => {
      const folder = temporaryFolder();
      await using storage = await openStorage(`${scheme}:${join(folder, 'gati.db')}`, { readOnly: true });
      await expect(storage.open()).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
      expect(await readdir(folder)).toEqual([]);
    },
  );

  test.each(['sqljs', 'sqlite'])(
    'space around the file of a %s: URL is not part of its name',
    async (scheme) => {
      const folder = temporaryFolder();
      {
        await using storage = await openStorage(`${scheme}: ${join(folder, 'gati.db')} `);
        await storage.open();
      }
      expect(await readdir(folder)).toEqual(['gati.db']);
      await expect(openStorage(`${scheme}: `)).rejects.toThrow(`names no file; write ${scheme}:./gati.db.`);
    },
  );

  test.each(['', 'gati.db', 'mysql://localhost/x', 'postgresx://localhost/x', ':x'])(
    '%j is refused with the forms that are known',
    async (url) => {
      const refusal = openStorage(url);
      await expect(refusal).rejects.toMatchObject({ code: 'INVALID_OPTIONS', path: 'url' });
      await expect(refusal).rejects.toThrow('memory:, sqljs:./gati.db, sqlite:./gati.db');
    },
  );

  test.each([
    ['sqljs:', 'sqljs:./gati.db'],
    ['sqlite:', 'sqlite:./gati.db'],
    ['memory:x', 'memory:'],
  ])('%j is refused with how it is written', async (url, form) => {
    const refusal = openStorage(url);
    await expect(refusal).rejects.toMatchObject({ code: 'INVALID_OPTIONS', path: 'url' });
    await expect(refusal).rejects.toThrow(form);
  });

  test.each([
    ['sqlite://gati.db', 'write sqlite:gati.db, or sqlite:/gati.db'],
    ['sqljs://data/gati.db', 'write sqljs:data/gati.db, or sqljs:/data/gati.db'],
    ['sqlite:./gati.db?mode=ro', 'takes none'],
    ['sqljs:./gati.db?', 'takes none'],
    ['memory:?readonly=true', 'must be just memory:'],
    ['postgres:localhost/x', 'has no // behind the colon; write postgres://'],
  ])('%j is refused: it would be another store than is meant', async (url, reason) => {
    const refusal = openStorage(url);
    await expect(refusal).rejects.toMatchObject({ code: 'INVALID_OPTIONS', path: 'url' });
    await expect(refusal).rejects.toThrow(reason);
  });

  test.each([
    'postgres://me:geheim@localhost/x?schem=y',
    'postgresql://me:geheim@localhost/x?pooler=yes',
    'postgres://me:ge/heim@localhost/x',
    'postgres://me:ge#heim@localhost/x',
    'postgres://me:geheim@localhost:port/x',
    'postgres://localhost/x?password=geheim&schem=y',
    'postgres:me:geheim@localhost/x',
    'postgrse://me:geheim@localhost/x',
    'postgrse://me:ge/h?ei@m@localhost/geheim',
    'mysql://localhost/x?password=geheim',
    'host=localhost password=geheim',
    'me:geheim@localhost',
    'sqlite://me:geheim@localhost/x',
    'memory://me:geheim@localhost/x',
    'etcd://me:geheim@localhost:port/x',
    'etcd://me:geheim@localhost/x?sll=true',
    'etcd://me:ge%heim@localhost/x',
    'etcd://me:ge/heim@localhost/x',
    'etcd://geheim@localhost/x',
    'etcd:me:geheim@localhost/x',
  ])('%j is refused without saying the password', async (url) => {
    const error = await openStorage(url).catch((reason) => reason);
    expect(error).toMatchObject({ code: 'INVALID_OPTIONS' });
    expect(inspect(error, { depth: 10, showHidden: true })).not.toMatch(/geheim|heim@/);
  });

  test.each([
    ['a URL that is no string', 7 as unknown as string, {}, 'url'],
    ['an unknown option', 'memory:', { readonly: true } as object, 'options.readonly'],
    [
      'a readOnly that is neither true nor false',
      'memory:',
      { readOnly: 'no' } as object,
      'options.readOnly',
    ],
  ])('%s is refused', async (_, url, options, path) => {
    await expect(openStorage(url, options)).rejects.toMatchObject({ code: 'INVALID_OPTIONS', path });
  });

  test.each([
    ['sqljs', '@gati-framework/storage-sqljs sql.js'],
    ['sqlite', '@gati-framework/storage-better-sqlite3 better-sqlite3.'],
    ['sqlite', '@gati-framework/storage-node-sqlite'],
    ['postgres', '@gati-framework/storage-postgres pg'],
    ['etcd', '@gati-framework/storage-etcd'],
  ])('the packages of %s: are named when they are not installed', async (scheme, missing) => {
    const folder = temporaryFolder();
    const scope = join(folder, 'node_modules', '@gati-framework');
    await mkdir(scope, { recursive: true });
    await symlink(`${packages}manifest-store`, join(scope, 'manifest-store'), 'junction');
    for (const part of ['package.json', 'dist'])
      await cp(`${packages}storage-tools/${part}`, join(scope, 'storage-tools', part), { recursive: true });
    const script = join(folder, 'script.mjs');
    await writeFile(
      script,
      "import { openStorage } from '@gati-framework/storage-tools';\n" +
        `await openStorage('${scheme}://').catch(({ code, message }) => console.log(code, message));\n` +
        "console.log((await openStorage('memory:')).name);\n",
    );
    const { stdout } = await promisify(execFile)(process.execPath, [script]);
    expect(stdout).toMatch(/^STORAGE_DRIVER_MISSING .*: npm install (.*)\nmemory\n$/);
    expect(stdout).toMatch(new RegExp(`npm install ${missing}( |\\n)`));
  });
});

describe('storageFile', () => {
  test('is what stands behind the colon of a URL that names a file', () => {
    expect(storageFile('sqljs: ./gati.db ')).toBe('./gati.db');
    expect(storageFile('SQLITE:/tmp/a#b.db')).toBe('/tmp/a#b.db');
  });

  test('is none of a server or of memory, and refuses what names no store', () => {
    expect(storageFile('postgres://localhost/x')).toBeUndefined();
    expect(storageFile('memory:')).toBeUndefined();
    expect(() => storageFile('gati.db')).toThrow('write one of memory:');
  });
});

test.each([
  ['memory:', 'memory:'],
  ['sqlite:./gati.db', 'sqlite:./gati.db'],
  ['SQLJS:/a b/gati.db', 'sqljs:/a b/gati.db'],
  [
    'postgres://ada:geheim@db.example:5433/shop?schema=gati',
    'postgres://ada@db.example:5433/shop?schema=gati',
  ],
  ['postgresql://db.example', 'postgres://db.example'],
  ['postgres://ada:geheim@a:1,b:2,[::1]:3/shop', 'postgres://ada@a:1,b:2,[::1]:3/shop'],
  ['postgres://:geheim@db/shop?password=geheim&sslkey=/geheim&pooler=true', 'postgres://db/shop?pooler=true'],
  ['postgres:///shop?host=/geheim&schema=a%20b', 'postgres:///shop?schema=a+b'],
  ['etcd://root:geheim@a:2379,b:2379/gati', 'etcd://root@a:2379,b:2379/gati'],
  // Passwords that should have been escaped.
  ['postgres://ada:ge/heim@db/shop', 'postgres:...'],
  ['postgres://ada:ge@heim@db/shop', 'postgres:...'],
  ['postgres://ada:ge#heim@db/shop', 'postgres:...'],
  ['postgres://ada:ge?heim@db/shop', 'postgres:...'],
])('%s is shown as %s', (url, shown) => {
  expect(shownUrl(url)).toBe(shown);
  expect(shownUrl(url)).not.toMatch(/gehe?im|heim/);
});
