import { expect, test } from 'vitest';
import { GroupCommit } from '../src/commit/group-commit.js';

test('writes of one turn of the event loop meet in one group, also after an await', async () => {
  const groups: (readonly number[])[] = [];
  const commit = new GroupCommit<number, number>(
    (items) => {
      groups.push(items);
      return items.map((result) => ({ result, error: undefined }));
    },
    () => 1,
    100,
    () => false,
  );
  const writes = [1, 2, 3].map(async (n) => {
    await null;
    return new Promise<number>((resolve, reject) => commit.add(n, resolve, reject));
  });
  expect(await Promise.all(writes)).toEqual([1, 2, 3]);
  expect(groups).toEqual([[1, 2, 3]]);
});
