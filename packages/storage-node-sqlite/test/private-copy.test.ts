import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createNodeSqliteStorage } from '@gati-framework/storage-node-sqlite';
import { expect, onTestFinished, test, vi } from 'vitest';
import { expectReleasedContent, releasedFile } from '../../../test/support/released-store.js';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { loadNodeSqlite } from '../src/load-node-sqlite.js';

/** Makes this Node.js one that cannot open a database from memory, as 22 is, until the test ends. */
function withoutDeserialize(): void {
  const { prototype } = loadNodeSqlite().DatabaseSync;
  const names = ['serialize', 'deserialize'] as const;
  for (const name of names) {
    const descriptor = Object.getOwnPropertyDescriptor(prototype, name);
    if (descriptor === undefined) continue;
    Reflect.deleteProperty(prototype, name);
    onTestFinished(() => void Object.defineProperty(prototype, name, descriptor));
  }
}

function ownTemporaryFolder(): string {
  const folder = temporaryFolder();
  vi.stubEnv('TMPDIR', folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(tmpdir()).toBe(folder);
  return folder;
}

test('a copy that is read lies in a temporary file where there is no other way, and goes when it is closed', async () => {
  withoutDeserialize();
  const filename = releasedFile();
  const folder = ownTemporaryFolder();
  const reader = createNodeSqliteStorage({ filename, readOnly: true });
  await expectReleasedContent(reader);
  expect(readdirSync(folder)).toHaveLength(1);
  const kinds: unknown[] = [];
  for await (const { kind } of reader.entries()) kinds.push(kind);
  expect(kinds).toHaveLength(8);
  await reader.close();
  expect(readdirSync(folder)).toEqual([]);
});

test('where not even that can be written, the reader is told of the folder', async () => {
  withoutDeserialize();
  const filename = releasedFile();
  vi.stubEnv('TMPDIR', `${temporaryFolder()}/missing`);
  onTestFinished(() => void vi.unstubAllEnvs());
  const reader = createNodeSqliteStorage({ filename, readOnly: true });
  const error = await reader.open().catch((reason) => reason);
  expect(error).toMatchObject({ name: 'StorageError', code: 'STORAGE_UNAVAILABLE' });
  expect(error.message).toContain(tmpdir());
});
