import { createInMemoryStorage } from '@gati-framework/manifest-store';
import { expect, test } from 'vitest';
import { importDocument, inVersionOrder, previewImports } from '../src/index.js';
import { ok, openApi } from './support/documents.js';

const text = openApi({ paths: { '/a': { get: { operationId: 'a', responses: ok({}) } } } });

/** As JavaScript calls it, without types. */
const imports: (...given: unknown[]) => Promise<unknown> = importDocument as never;

test.each([
  ['no source', [undefined], 'source', 'must be an object'],
  ['a path in place of a source', ['openapi.yaml'], 'source', 'must be an object, not a string'],
  ['a source under another name', [{ path: 'openapi.yaml' }], 'source.path', 'known are file, text'],
  ['a source of nothing', [{}], 'source', '{ file }, or { text, name, folder }'],
  ['a file and a text', [{ file: 'openapi.yaml', text }], 'source', 'without a file'],
  ['a file that is no path', [{ file: 7 }], 'source.file', 'must be a string'],
  ['a text that is none', [{ text: {} }], 'source.text', 'must be a string'],
  ['an option among the source', [{ text, dryRun: true }], 'source.dryRun', 'is unknown'],
  ['an option that there is not', [{ text }, { dryrun: true }], 'options.dryrun', 'known are versionName'],
  ['a flag that is none', [{ text }, { dryRun: 'no' }], 'options.dryRun', 'must be true or false'],
  ['a name that is none', [{ text }, { versionName: 7 }], 'options.versionName', 'must be a string'],
  ['options that are none', [{ text }, null], 'options', 'must be an object, not null'],
])('an import of %s is refused, and stores nothing', async (_, given, path, message) => {
  const storage = createInMemoryStorage();
  await expect(imports(storage, ...given)).rejects.toMatchObject({
    code: 'INVALID_OPTIONS',
    path,
    message: expect.stringContaining(message),
  });
  expect((await storage.stats()).revision).toBe(0);
});

test.each([
  ['the promise of a storage', Promise.resolve(createInMemoryStorage()), 'await it'],
  ['the URL of one', 'sqljs:./gati.db', 'entries'],
  ['nothing', undefined, 'entries'],
])('an import into %s is refused with what to do', async (_, storage, message) => {
  const refusal = { code: 'INVALID_OPTIONS', path: 'storage', message: expect.stringContaining(message) };
  await expect(imports(storage, { text })).rejects.toMatchObject(refusal);
  await expect(previewImports(storage as never)).rejects.toMatchObject(refusal);
});

test('documents that are none cannot be put into an order', async () => {
  await expect(inVersionOrder(['openapi.yaml'] as never)).rejects.toMatchObject({
    code: 'INVALID_OPTIONS',
    path: 'source',
  });
});
