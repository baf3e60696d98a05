import type { EncodedPut } from '@gati-framework/storage-kit';
import { expect, test } from 'vitest';
import { toArrays } from '../dist/commit/group-parameters.js';
import { stepsOf } from '../dist/commit/steps.js';

const LARGEST_RECORD = 'x'.repeat(16 * 1024 * 1024);

function puts(count: number): EncodedPut[] {
  return Array.from({ length: count }, (_, i) => ({
    op: 'put',
    kind: 'gtype',
    key: [`${i}`],
    columns: { lookup: [], createdAt: undefined },
    encoding: 'json',
    text: LARGEST_RECORD,
    digest: 0,
  }));
}

test('a commit that is larger than a message to the server may be is refused, not sent', async () => {
  const steps = stepsOf([{ changes: puts(64), expect: [] }]);
  await expect(toArrays(steps)).rejects.toThrow(
    expect.objectContaining({
      code: 'STORAGE_FULL',
      message: expect.stringContaining('divide it into several'),
      details: { bytes: 64 * LARGEST_RECORD.length, limit: 1_000_000_000 },
    }),
  );
});

test('of a large commit that fits, each byte is encoded', async () => {
  const arrays = await toArrays(stepsOf([{ changes: puts(21), expect: [] }]));
  const bytes = arrays.reduce((sum, { length }) => sum + length, 0);
  expect(bytes).toBeGreaterThan(21 * LARGEST_RECORD.length);
});
