import type { Change, CommitOptions, Storage } from '@gati-framework/manifest-store';
import { expect, test } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { historyOf, open, ownSchema } from './support/faults.js';

const put = (ref: string): Change => ({ put: 'gtype', value: gtype(ref, ref) });
const absent = (ref: string): CommitOptions => ({
  expect: [{ kind: 'gtype', key: { ref }, revision: null }],
});

/** Commits that are called for at once, and so are one group: what each came to. */
async function group(
  storage: Storage,
  ...commits: readonly (readonly [Change[], CommitOptions?])[]
): Promise<(number | string)[]> {
  const settled = await Promise.allSettled(
    commits.map(([changes, options]) => storage.commit(changes, options)),
  );
  return settled.map((one) => (one.status === 'fulfilled' ? one.value : one.reason.code));
}

test.each<readonly [string, readonly (readonly [Change[], CommitOptions?])[], readonly (number | string)[]]>([
  ['an empty commit after a put', [[[put('a')]], [[]]], [1, 1]],
  ['an empty commit before a put', [[[]], [[put('a')]]], [0, 1]],
  ['empty commits around puts', [[[]], [[put('a')]], [[]], [[]], [[put('b')]], [[]]], [0, 1, 1, 1, 2, 2]],
  ['a check that holds', [[[put('a')]], [[], absent('c')], [[put('b')]]], [1, 1, 2]],
  ['a check that does not hold', [[[put('a')]], [[], absent('a')], [[put('b')]]], [1, 'STORAGE_CONFLICT', 2]],
  ['a refused put', [[[put('a')]], [[put('a')], absent('a')], [[put('b')]]], [1, 'STORAGE_CONFLICT', 2]],
  ['nothing but empty commits', [[[]], [[]]], [0, 0]],
])('%s in a group takes no revision', async (_, commits, outcomes) => {
  const place = ownSchema();
  const storage = open(place);
  await storage.open();
  expect(await group(storage, ...commits)).toEqual(outcomes);
  const last = Math.max(...outcomes.filter((outcome) => typeof outcome === 'number'));
  expect((await storage.stats()).revision).toBe(last);
  expect((await historyOf(place)).map(({ revision }) => revision)).toEqual(
    Array.from({ length: last }, (_, i) => i + 1),
  );
  // Whoever reads up to the revision of stats() gets there, and the next commit follows it.
  expect(await open(place).commit([put('z')])).toBe(last + 1);
  expect(await storage.commit([])).toBe(last + 1);
});
