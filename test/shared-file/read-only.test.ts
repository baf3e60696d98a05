import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gtype } from '../support/records.js';
import { hasNamespaces } from '../support/run-child.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { backend } from './support/backend.js';
import { runChildInNamespace } from './support/children.js';

async function storeOne(filename: string): Promise<void> {
  const storage = backend.create({ filename });
  await storage.storeGType(gtype('old'));
  await storage.close();
}

test('a read-only storage reads, sees what others write, and refuses to write', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  await storeOne(filename);
  const reader = backend.create({ filename, readOnly: true });
  expect(await reader.getGType('old')).toEqual(gtype('old'));
  const writer = backend.create({ filename });
  await writer.storeGType(gtype('new'));
  expect(await reader.getGType('new')).toEqual(gtype('new'));
  expect(reader.getStats().gtypeCount).toBe(2);
  await expect(reader.storeGType(gtype('x'))).rejects.toMatchObject({ code: 'STORAGE_READONLY' });
  await expect(reader.clear()).rejects.toMatchObject({ code: 'STORAGE_READONLY' });
  await Promise.all([reader.close(), writer.close()]);
});

test('a read-only storage does not create a missing file', async () => {
  const filename = join(temporaryFolder(), 'missing.db');
  const storage = backend.create({ filename, readOnly: true });
  await expect(storage.open()).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
  expect(existsSync(filename)).toBe(false);
  // A failed opening is not remembered.
  await storeOne(filename);
  expect(await storage.getGType('old')).toEqual(gtype('old'));
  await storage.close();
});

test('a read-only storage changes nothing in the file', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  await storeOne(filename);
  const before = readFileSync(filename);
  const storage = backend.create({ filename, readOnly: true });
  await storage.getGType('old');
  for await (const _ of storage.entries());
  await storage.close();
  expect(readFileSync(filename).equals(before)).toBe(true);
});

test.runIf(hasNamespaces)('on a read-only file system a writer is refused and a reader reads', async () => {
  const folder = temporaryFolder();
  const filename = join(folder, 'store.db');
  await storeOne(filename);
  const report = await runChildInNamespace<{ write: string; writerRead: string; read: string }>(
    `mount --bind ${folder} ${folder} && mount -o remount,ro,bind ${folder}`,
    'read-only-folder.mjs',
    [filename],
  );
  expect(report.write).toBe('STORAGE_READONLY');
  expect(report.read).toBe('old');
});
