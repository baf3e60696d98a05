import { type Change, createInMemoryStorage, type Storage } from '@gati-framework/manifest-store';
import { expect, it } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { type HistoryProblem, type HistorySummary, verifyHistory } from '../src/verify/index.js';

const put = (ref: string, n = 0): Change => ({ put: 'gtype', value: { ...gtype(ref), n } as never });

async function history(): Promise<Storage> {
  const storage = createInMemoryStorage();
  await storage.commit([put('A'), put('B'), put('C')]);
  await storage.commit([put('A', 1), { delete: 'gtype', key: { ref: 'B' } }]);
  await storage.clear();
  await storage.commit([put('B'), put('D')]);
  await storage.commit([put('B', 2)]);
  return storage;
}

async function verified(
  storage: Pick<Storage, 'entries' | 'log' | 'stats' | 'watch'>,
): Promise<{ problems: HistoryProblem[]; summary: HistorySummary }> {
  const problems: HistoryProblem[] = [];
  const verification = verifyHistory(storage);
  for (;;) {
    const { done, value } = await verification.next();
    if (done) return { problems, summary: value };
    problems.push(value);
  }
}

it('finds nothing wrong with a history that leads to the present', async () => {
  expect(await verified(await history())).toEqual({
    problems: [],
    summary: { commits: 5, oldestRevision: 0 },
  });
});

it('verifies what is kept of a history that was cut', async () => {
  const storage = createInMemoryStorage({ history: { changes: 2 } });
  for (let n = 1; n <= 6; n += 1) await storage.commit([put(`${n % 2}`, n)]);
  expect(await verified(storage)).toEqual({ problems: [], summary: { commits: 2, oldestRevision: 4 } });
});

it('names the commits that are missing', async () => {
  const storage = await history();
  const { problems } = await verified({
    ...methods(storage),
    async *log(options) {
      for await (const entry of storage.log(options)) if (entry.revision !== 5) yield entry;
    },
  });
  expect(problems.map(({ code, revision }) => [code, revision])).toEqual([
    ['gap', 6],
    ['divergence', 5],
  ]);
  const { problems: inTheMiddle } = await verified({
    ...methods(storage),
    async *log(options) {
      for await (const entry of storage.log(options)) if (entry.revision !== 3) yield entry;
    },
  });
  expect(inTheMiddle[0]?.message).toContain('between revisions 2 and 4');
});

it('says when the commits do not lead to what is there', async () => {
  const storage = await history();
  const { problems } = await verified({
    ...methods(storage),
    async *entries(filter = {}) {
      for await (const entry of storage.entries(filter)) {
        if (filter.at !== 5 || entry.kind !== 'gtype' || entry.key.ref !== 'D') yield entry;
      }
    },
  });
  expect(problems).toHaveLength(1);
  expect(problems[0]?.message).toContain('gtype ["D"] is of revision 4, but it is absent');
});

/** Of a storage whose own they are. */
function methods(storage: Storage): Pick<Storage, 'entries' | 'log' | 'stats' | 'watch'> {
  return {
    entries: (filter) => storage.entries(filter),
    log: (options) => storage.log(options),
    stats: () => storage.stats(),
    watch: (options) => storage.watch(options),
  };
}
