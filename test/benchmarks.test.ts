import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkRows } from '../bench/measure/check.mjs';
import { contest, contestOf } from '../bench/measure/contest.mjs';
import { drawDocument } from '../bench/report/document.mjs';
import { readResults } from '../bench/report/results.mjs';
import { groups } from '../bench/rows/index.mjs';

/** A row whose peer takes so many times as long as ours, in one attempt after the other. */
function rowOf(ratios: number[]) {
  let attempts = 0;
  const row = {
    name: 'row',
    title: 'a row',
    bound: 'Nothing.',
    check: true,
    measure: async () => {
      const ratio = ratios[attempts] as number;
      attempts += 1;
      return [
        { who: 'ours', role: 'ours', unit: 'ns', median: 9, low: 9, high: 9, best: 1 },
        { who: 'by hand', role: 'floor', unit: 'ns', median: 9, low: 9, high: 9, best: ratio },
      ];
    },
  };
  return { groups: [{ title: 'Group', about: '', rows: [row] }], attempts: () => attempts };
}

const noted = async (ratio: number) => ({
  versions: {},
  rows: {
    row: {
      date: '',
      machine: '',
      node: '',
      figures: (await rowOf([ratio]).groups[0]?.rows[0]?.measure()) ?? [],
    },
  },
});

const contestants = [
  { who: 'ours', role: 'ours' as const, call: async () => ({ time: 2, size: 10 }) },
  { who: 'another', role: 'peer' as const, call: async () => ({ time: 6, size: 5 }) },
];

test('a figure of another is told as how many times ours it is, of each thing apart', async () => {
  const figures = await contestOf({ rounds: 3, contestants, whats: { time: 'ms', size: 'bytes' }, at: 100 });
  const told = figures.map(({ who, what, at, median, ratio }) => [who, what, at, median, ratio?.median]);
  expect(told).toEqual([
    ['ours', 'time', 100, 2, undefined],
    ['another', 'time', 100, 6, 3],
    ['ours', 'size', 100, 10, undefined],
    ['another', 'size', 100, 5, 0.5],
  ]);
});

test('a contest whose answers are wrong tells no figures', async () => {
  const wrong = contest({
    rounds: 1,
    contestants,
    inputs: () => [1, 2, 3],
    verify: async ({ who }) => {
      if (who === 'another') throw new Error('a wrong answer');
    },
  });
  await expect(wrong).rejects.toThrow('a wrong answer');
});

test('a check passes while a row keeps more than a third of its ratio', async () => {
  const row = rowOf([1.4]);
  await checkRows(row.groups, [], await noted(4), () => {});
  expect(row.attempts()).toBe(1);
});

test('a check measures a row again that has fallen, and passes when it was the machine', async () => {
  const row = rowOf([1, 1.3, 4]);
  await checkRows(row.groups, [], await noted(4), () => {});
  expect(row.attempts()).toBe(3);
});

test('a check fails with the name of a row that has fallen three times', async () => {
  const row = rowOf([1, 1.3, 1.2]);
  await expect(checkRows(row.groups, [], await noted(4), () => {})).rejects.toThrow(
    /Less than a third of .*: row\./,
  );
  expect(row.attempts()).toBe(3);
});

test('a check of a row that was never noted says how to note it', async () => {
  const row = rowOf([1]);
  const nothing = { versions: {}, rows: {} };
  await expect(checkRows(row.groups, [], nothing, () => {})).rejects.toThrow('npm run bench -- --write row');
});

test('every row that is checked is noted, and no row is noted that does not exist', () => {
  const rows = groups.flatMap((group) => group.rows);
  const { rows: results } = readResults();
  const checked = rows.filter(({ check }) => check).map(({ name }) => name);
  expect(Object.keys(results)).toEqual(expect.arrayContaining(checked));
  expect(rows.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(results)));
});

test('the page of benchmarks is what `npm run bench -- --draw` makes of the results', () => {
  for (const [url, content] of drawDocument(readResults())) {
    expect(readFileSync(url, 'utf8'), url.pathname).toBe(content);
  }
});
