import { createInMemoryStorage, type Storage } from '@gati-framework/manifest-store';
import { expect, test } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { commitAsRead } from '../src/actions/commit-as-read.js';

const PLAN = { changes: [{ delete: 'gtype', key: { ref: 'A' } }], expect: [] } as const;

async function stored(): Promise<Storage> {
  const storage = createInMemoryStorage();
  await storage.storeGType(gtype('A'));
  return storage;
}

test('a plan is carried out when nobody has committed anything since it was begun', async () => {
  const storage = await stored();
  expect(await commitAsRead(storage, async () => PLAN)).toEqual({ plan: PLAN, revision: 2 });
  expect(await storage.getGType('A')).toBeUndefined();
});

test('a plan is not carried out when somebody has committed while it was made, whatever it was', async () => {
  const storage = await stored();
  const makePlan = async (): Promise<typeof PLAN> => {
    await storage.storeGType(gtype('B'));
    return PLAN;
  };
  await expect(commitAsRead(storage, makePlan)).rejects.toMatchObject({ code: 'STORAGE_CONFLICT' });
  expect(await storage.getGType('A')).toBeDefined();
});

test('a plan of nothing leaves no trace', async () => {
  const storage = await stored();
  expect(await commitAsRead(storage, async () => ({ changes: [], expect: [] }))).toMatchObject({
    revision: null,
  });
  expect((await storage.stats()).revision).toBe(1);
});

test('a storage without a history goes by what the plan expects', async () => {
  const storage = await stored();
  const options: unknown[] = [];
  const target = {
    capabilities: { ...storage.capabilities, history: false },
    stats: () => storage.stats(),
    commit: (async (changes, given) => {
      options.push(given);
      return await storage.commit(changes, given);
    }) satisfies Storage['commit'] as Storage['commit'],
  };
  const plan = { ...PLAN, expect: [{ kind: 'gtype', key: { ref: 'A' }, revision: 1 }] } as const;
  expect(await commitAsRead(target, async () => plan)).toMatchObject({ revision: 2 });
  expect(options).toEqual([{ expect: plan.expect }]);
});
