import { createInMemoryStorage, type Storage } from '@gati-framework/manifest-store';
import { openStorage } from '@gati-framework/storage-tools';
import { verifyHistory, verifyStorage } from '@gati-framework/storage-tools/verify';
import { expect, onTestFinished, test } from 'vitest';
import { gtype, manifest } from '../../../test/support/records.js';
import { collect } from '../../storage-tools/test/support/collect.js';
import { LIMITS } from '../src/api/index.js';
import { BACKENDS, ownStore } from './support/backends.js';
import { serve } from './support/studio.js';

/** Refers to a type that is not there, and holds what no manifest should. */
async function storeProblems(storage: Storage): Promise<void> {
  const broken = { ...manifest('users.get', '1'), gtypes: { request: 'Gone', response: 'There' } };
  await storage.commit([
    { put: 'gtype', value: gtype('There') },
    { put: 'manifest', value: broken },
    { put: 'manifest', value: { ...manifest('users.list', '1'), createdAt: 1, method: 7 } as never },
  ]);
}

test.each(BACKENDS)(
  'all of a store in %s is read when that is asked for, and what is wrong is told with its place',
  async (backend) => {
    const { url, remove } = await ownStore(backend);
    const storage = await openStorage(url);
    onTestFinished(remove);
    onTestFinished(() => storage.close());
    await storeProblems(storage);
    const { ask } = await serve(storage, { url: 'sqlite:./gati.db' });
    const verified = await ask('verify');
    const expected = await collect(verifyStorage(storage));
    expect(expected.map(({ code }) => code)).toEqual(expect.arrayContaining(['missing', 'wrong-type']));
    expect(verified).toEqual({
      revision: 1,
      command: 'gati-storage verify --store sqlite:./gati.db',
      records: 3,
      commits: 1,
      problemCount: expected.length,
      problems: expected.map(({ code, kind, key, path, message }) => ({
        code,
        record: { kind, key },
        path,
        message,
      })),
    });
    expect(await collect(verifyHistory(storage))).toEqual([]);
  },
);

test('of more problems than an answer holds the first are told, and all are counted', async () => {
  const storage = createInMemoryStorage();
  const many = Array.from({ length: LIMITS.page + 50 }, (_, i) => i);
  await storage.commit(
    many.map((i) => ({
      put: 'manifest',
      value: { ...manifest(`h${i}`, '1'), gtypes: { request: `T${i}`, response: `T${i}` } },
    })),
  );
  const { ask } = await serve(storage);
  const { problems, problemCount } = await ask('verify');
  expect(problems).toHaveLength(LIMITS.page);
  expect(problemCount).toBe((await collect(verifyStorage(storage))).length);
});
