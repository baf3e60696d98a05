import { linkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { isSameStore } from '../src/copy/index.js';
import { openStorage } from '../src/index.js';

test('a file is one store by all its names and through all backends', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'gati.db');
  expect(await isSameStore(`sqlite:${file}`, `sqlite:${file}`)).toBe(false); // it is not there yet
  const storage = await openStorage(`sqlite:${file}`);
  await storage.open();
  await storage.close();
  symlinkSync(file, join(folder, 'soft.db'));
  linkSync(file, join(folder, 'hard.db'));
  for (const name of [
    'gati.db',
    './gati.db',
    `../${folder.split('/').at(-1)}/gati.db`,
    'soft.db',
    'hard.db',
  ]) {
    expect(await isSameStore(`sqlite:${file}`, `sqljs:${folder}/${name}`), name).toBe(true);
  }
  expect(await isSameStore(`sqlite:${file}`, `sqlite:${folder}/other.db`)).toBe(false);
  expect(await isSameStore(`sqlite:${file}`, 'memory:')).toBe(false);
  expect(await isSameStore('memory:', 'memory:')).toBe(false);
});

test('a schema is one store by all names of its server', async () => {
  const url = new URL(inject('postgresUrl'));
  const named = (host: string, schema: string): string => {
    const other = new URL(url);
    other.hostname = host;
    other.searchParams.set('schema', schema);
    return other.href;
  };
  const one = named('127.0.0.1', 'one');
  expect(await isSameStore(one, named('localhost', 'one'))).toBe(true);
  expect(await isSameStore(one, one.replace(/^postgres:/, 'postgresql:'))).toBe(true);
  expect(await isSameStore(one, named('127.0.0.1', 'other'))).toBe(false);
  expect(await isSameStore(one, 'sqlite:gati.db')).toBe(false);
});

const etcd = inject('etcdUrl').replace('http:', 'etcd:');

test.skipIf(etcd === '')('a prefix is one store by all names of the members of its cluster', async () => {
  const elsewhere = etcd.replace('127.0.0.1', 'localhost');
  expect(await isSameStore(`${etcd}/one`, `${elsewhere}/one`)).toBe(true);
  expect(await isSameStore(`${etcd}/one`, `${elsewhere}/other`)).toBe(false);
  expect(await isSameStore(`${etcd}/one`, inject('postgresUrl'))).toBe(false);
});

test('what names no store is refused', async () => {
  await expect(isSameStore('sqlite:', 'memory:')).rejects.toMatchObject({ code: 'INVALID_OPTIONS' });
});
