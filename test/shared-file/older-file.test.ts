import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { gtype } from '../support/records.js';
import { expectReleasedContent, releasedFile } from '../support/released-store.js';
import { backend } from './support/backend.js';

test('a file of version 1 that is only read stays as it is, and shows one moment', async () => {
  const filename = releasedFile();
  const before = readFileSync(filename);
  const reader = backend.create({ filename, readOnly: true });
  await expectReleasedContent(reader);
  const kinds: unknown[] = [];
  for await (const { kind } of reader.entries()) kinds.push(kind);
  expect(kinds).toHaveLength(8);
  await expect(reader.storeGType(gtype('new'))).rejects.toMatchObject({ code: 'STORAGE_READONLY' });
  expect(readFileSync(filename).equals(before)).toBe(true);
  const writer = backend.create({ filename });
  await writer.open();
  await writer.close();
  await expect(reader.stats()).rejects.toMatchObject({ code: 'STORAGE_REPLACED' });
  await reader.close();
  const again = backend.create({ filename, readOnly: true });
  await expectReleasedContent(again);
  await again.close();
});
