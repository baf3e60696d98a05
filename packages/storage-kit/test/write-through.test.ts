import type { Change, GType } from '@gati-framework/manifest-store';
import { RecordStorage } from '@gati-framework/storage-kit';
import { expect, test } from 'vitest';
import { MAX_SORTED_CHANGES } from '../src/read-cache.js';
import { driverWith, stateAt } from './support/driver.js';

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
