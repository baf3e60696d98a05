import { expect, test, vi } from 'vitest';
import { GroupCommit } from '../src/group-commit.js';

test('where there is no setImmediate, writes of one turn still meet in one group', async () => {
  vi.stubGlobal('setImmediate', undefined);
  try {
    const groups: (readonly number[])[] = [];
    const commit = new GroupCommit<number, number>(
      (items) => {
        groups.push(items);
        return items.map((result) => ({ result }));
      },
      () => 1,
      100,
      () => false,
    );
    const writes = [1, 2, 3].map(async (n) => {
      await null;
      return commit.submit(n);
    });
    expect(await Promise.all(writes)).toEqual([1, 2, 3]);
    expect(groups).toEqual([[1, 2, 3]]);
  } finally {
    vi.unstubAllGlobals();
  }
});
