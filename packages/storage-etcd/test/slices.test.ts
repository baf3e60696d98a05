import { expect, test } from 'vitest';
import { turnsUntil } from '../../../test/support/turns.js';
import { DirtyRows } from '../dist/feed/dirty-rows.js';
import { PastRows } from '../dist/past/past-rows.js';
import { selectRows } from '../dist/reads/moment.js';
import type { LogChange } from '../dist/store/log.js';
import { RecordIndex } from '../dist/store/record-index.js';
import type { Row } from '../dist/store/row.js';
import { sortInSlices } from '../dist/store/sort-in-slices.js';

const MANY = 100_000;
const EVERYTHING = { kinds: ['gtype'], handlerId: undefined } as const;

function rowAt(position: number): Row {
  return {
    ...{
      kind: 'gtype',
      key: [`t${position}`],
      position,
      revision: 1,
      text: `g/${position}`,
      pieces: 1,
      size: 10,
    },
    ...{ encoding: 'json', digest: 1, lookup: [], createdAt: undefined },
  };
}

const rows = Array.from({ length: MANY }, (_, i) => rowAt(i));
/** Each once, in no order. */
const shuffled = rows.map((_, i) => rows[(i * 7_919) % MANY] as Row);

/** Work that others had turns in between. */
async function inTurns<T>(work: Promise<T>): Promise<T> {
  expect(await turnsUntil(work)).toBeGreaterThan(3);
  return work;
}

test('what is sorted in slices comes in the order of sort(), equal ones as they were', async () => {
  const sorted = await inTurns(sortInSlices(shuffled, (a, b) => a.position - b.position));
  expect(sorted.every((row, i) => row === rows[i])).toBe(true);
  const byGroup = (a: Row, b: Row): number => (a.position % 10) - (b.position % 10);
  for (const count of [0, 1, 1_000, 1_001, MANY]) {
    const some = shuffled.slice(0, count);
    const wanted = some.toSorted(byGroup);
    const found = await sortInSlices(some, byGroup);
    expect(found.length).toBe(count);
    expect(found.every((row, i) => row === wanted[i])).toBe(true);
  }
});

test('who reads all records, now or as they were, leaves others their turns', async () => {
  const index = new RecordIndex();
  for (const row of rows) index.set(row);
  expect((await inTurns(selectRows(index, EVERYTHING))).length).toBe(MANY);
  const past = new PastRows();
  const changes: LogChange[] = [
    { op: 'clear', was: shuffled.slice(0, MANY / 2) },
    ...shuffled
      .slice(MANY / 2)
      .map((row): LogChange => ({ op: 'delete', kind: row.kind, key: row.key, was: row })),
  ];
  await inTurns(past.takeBack(changes));
  const then = await inTurns(past.list(EVERYTHING, [rowAt(MANY)]));
  expect(then.length).toBe(MANY + 1);
  expect(then.every(({ position }, i) => position === i)).toBe(true);
});

test('what is known to be in etcd is forgotten in slices', async () => {
  const dirty = new DirtyRows();
  const commit = { revision: 1, committedAt: 0, note: undefined, count: MANY, size: 0, changes: [] };
  for (const row of rows) dirty.note(commit, { op: 'put', row, was: undefined });
  dirty.note({ ...commit, revision: 2 }, { op: 'put', row: rowAt(0), was: undefined });
  await inTurns(dirty.forget(1));
  expect([...dirty.rows()]).toMatchObject([{ key: ['t0'], revision: 2 }]);
});
