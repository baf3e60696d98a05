import { createReadStream } from 'node:fs';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { createGunzip, gzipSync } from 'node:zlib';
import { createInMemoryStorage, type Storage } from '@gati-framework/manifest-store';
import { expect, it } from 'vitest';
import { gtype, manifest } from '../../../test/support/records.js';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { exportArchive, readArchive } from '../src/archive/index.js';

it('a file that is exported is an archive, and one whose name ends in .gz is compressed', async () => {
  const folder = temporaryFolder();
  const storage = await filled(500);
  const plain = await exportArchive(storage, join(folder, 'gati.jsonl'));
  const packed = await exportArchive(storage, join(folder, 'gati.jsonl.gz'));
  expect(packed).toEqual(plain);
  expect(await count(createReadStream(join(folder, 'gati.jsonl')))).toBe(501);
  expect(await count(createReadStream(join(folder, 'gati.jsonl.gz')).pipe(createGunzip()))).toBe(501);
  expect((await stat(join(folder, 'gati.jsonl.gz'))).size * 4).toBeLessThan(plain.records * 200);
  expect((await readdir(folder)).sort()).toEqual(['gati.jsonl', 'gati.jsonl.gz']);
});

it('an export tells how far it is, and can be of one handler', async () => {
  const told: number[] = [];
  const storage = await filled(2500);
  await exportArchive(storage, new Sink(), { onProgress: (records) => told.push(records) });
  expect(told).toEqual([1000, 2000, 2501]);
  expect((await exportArchive(storage, new Sink(), { handlerId: 'a' })).records).toBe(1);
});

it('a stream that is exported to stays open for what else is to be written', async () => {
  const sink = new Sink();
  await exportArchive(await filled(1), sink);
  expect(sink.writableEnded).toBe(false);
  expect(sink.text.split('\n')).toHaveLength(5);
});

it('an export that is interrupted leaves the file that was there as it was, and nothing else', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'gati.jsonl');
  await exportArchive(await filled(1), file);
  const yesterday = await readFile(file, 'utf8');
  const interrupt = new AbortController();
  const exported = exportArchive(await filled(5000), file, {
    signal: interrupt.signal,
    onProgress: () => interrupt.abort(),
  });
  await expect(exported).rejects.toThrow(/abort/i);
  expect(await readFile(file, 'utf8')).toBe(yesterday);
  expect(await readdir(folder)).toEqual(['gati.jsonl']);
});

it.each(['gati.jsonl', 'gati.jsonl.gz'])(
  'an export replaces an archive and an empty file: %s',
  async (name) => {
    const file = join(temporaryFolder(), name);
    await writeFile(file, '');
    await exportArchive(await filled(1), file);
    const before = await readFile(file);
    await exportArchive(await filled(500), file);
    expect((await readFile(file)).equals(before)).toBe(false);
  },
);

it.each([
  ['a store', 'SQLite format 3\0'],
  ['any other text', 'openapi: 3.1.0\n'],
  ['something else that is compressed', gzipSync('openapi: 3.1.0\n')],
  ['what looks compressed', Buffer.from([0x1f, 0x8b, 0xff])],
])('an export does not replace %s', async (_, content) => {
  const folder = temporaryFolder();
  const file = join(folder, 'gati.db');
  await writeFile(file, content);
  await expect(exportArchive(await filled(1), file)).rejects.toMatchObject({
    code: 'INVALID_OPTIONS',
    path: 'file',
    message: `${file} is there and is no archive, and nothing else is replaced. Name another file, or delete this one first.`,
  });
  expect((await readFile(file)).equals(Buffer.from(content))).toBe(true);
  expect(await readdir(folder)).toEqual(['gati.db']);
});

it('an export into a folder is refused before anything is written', async () => {
  const folder = temporaryFolder();
  await expect(exportArchive(await filled(1), folder)).rejects.toMatchObject({
    code: 'INVALID_OPTIONS',
    message: expect.stringContaining('is there and is no file'),
  });
});

it.each([
  ['the promise of a storage', Promise.resolve(createInMemoryStorage()), 'gati.jsonl', 'storage', 'await it'],
  ['no storage', undefined, 'gati.jsonl', 'storage', 'must be a storage'],
  ['no target', createInMemoryStorage(), undefined, 'target', 'the name of a file, or a stream'],
  ['a file without a name', createInMemoryStorage(), '', 'target', 'the name of a file, or a stream'],
])('an export of %s is refused', async (_, storage, target, path, message) => {
  await expect(exportArchive(storage as never, target as never)).rejects.toMatchObject({
    code: 'INVALID_OPTIONS',
    path,
    message: expect.stringContaining(message),
  });
});

it('a file that cannot be written is named, with what to do', async () => {
  const file = join(temporaryFolder(), 'nowhere', 'gati.jsonl');
  await expect(exportArchive(await filled(1), file)).rejects.toMatchObject({
    code: 'STORAGE_UNAVAILABLE',
    path: 'file',
    message: expect.stringContaining(file),
  });
});

/** A store of so many GTypes and one manifest. */
async function filled(gtypes: number): Promise<Storage> {
  const storage = createInMemoryStorage();
  await storage.commit([
    { put: 'manifest', value: manifest('a', '1') },
    ...Array.from({ length: gtypes }, (_, i) => ({ put: 'gtype', value: gtype(`T${i}`) }) as const),
  ]);
  return storage;
}

class Sink extends Writable {
  text = '';

  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

async function count(archive: AsyncIterable<Uint8Array>): Promise<number> {
  let records = 0;
  for await (const _ of readArchive(archive)) records += 1;
  return records;
}
