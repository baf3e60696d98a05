import { inTime } from '@gati-framework/storage-kit';
import { expect, test } from 'vitest';

test('a source that cannot be closed is left, and what it was closed for is told', async () => {
  const source: AsyncIterable<number> = {
    [Symbol.asyncIterator]: () => ({
      next: async () => ({ done: false, value: 1 }),
      return: () => new Promise(() => {}),
    }),
  };
  const take = async (): Promise<void> => {
    for await (const _ of inTime(source, 20)) throw new Error('the disk is full');
  };
  await expect(take()).rejects.toThrow('the disk is full');
});
