import type { Change, GType } from '@gati-framework/manifest-store';
import { RecordStorage } from '@gati-framework/storage-kit';
import { expect, test } from 'vitest';
import { MAX_SORTED_CHANGES } from '../src/cache/read-cache.js';
import { driverWith, stateAt } from './support/driver.js';

test('what a driver tells of a commit counts at once, before its answer arrives', async () => {
  let answer = () => {};
  const storage = new RecordStorage(
    driverWith({
      commit: (_, onCommitted) => {
        const answered = { outcomes: [{ revision: 1 }], state: stateAt(1) };
        onCommitted?.(answered);
        return new Promise((resolve) => {
          answer = () => resolve(answered);
        });
      },
    }),
  );
  await storage.open();
  expect(await storage.getGType('a')).toBeUndefined();
  const storing = storage.storeGType({ ref: 'a', kind: 'object' });
  await expect.poll(() => storage.getGType('a')).toEqual({ ref: 'a', kind: 'object' });
  answer();
  await storing;
  await storage.close();
});

test('what was committed is read without the driver, and after many changes at once no older answer is left', async () => {
  const asked: string[] = [];
  let revision = 0;
  const storage = new RecordStorage(
    driverWith({
      read: ({ params }) => {
        asked.push(params[0] as string);
        return [];
      },
      commit: (commits) => ({
        outcomes: commits.map(() => ({ revision: ++revision })),
        state: stateAt(revision),
      }),
    }),
  );
  const gtype = (ref: string): GType => ({ ref, kind: 'object' });
  await storage.storeGType(gtype('a'));
  expect(await storage.getGType('a')).toEqual(gtype('a'));
  expect(asked).toEqual([]);

  const many = Array.from(
    { length: MAX_SORTED_CHANGES },
    (_, i): Change => ({ put: 'gtype', value: gtype(`r${i}`) }),
  );
  await storage.commit([...many, { delete: 'gtype', key: { ref: 'a' } }]);
  expect(await storage.getGType('a')).toBeUndefined();
  expect(asked).toEqual(['a']);
});
