import assert from 'node:assert/strict';
import { assertSame } from '../assertions/same.js';
import type { ConformanceCase } from '../conformance-case.js';
import { fieldOf } from '../untyped.js';
import { cases } from './cases.js';
import { numbers, putType } from './helpers.js';
import { revisions, summary, take } from './watching.js';

const expectAbsent = (ref: string) =>
  ({ expect: [{ kind: 'gtype', key: { ref }, revision: null }] }) as const;

export const commitsAtOnceCases: readonly ConformanceCase[] = [
  ...cases('batches', ['commit'], {
    'an empty commit among others takes no revision, wherever it stands': async ({ full, withFresh }) => {
      await full.commit([putType('first')]);
      for (const position of [0, 1, 2, 3]) {
        await withFresh(async ({ full: fresh }) => {
          await fresh.open?.();
          const commits = numbers(3).map((n) => () => fresh.commit([putType(`${n}`)]));
          commits.splice(position, 0, () => fresh.commit([]));
          const told = await Promise.all(commits.map((commit) => commit()));
          const [empty] = told.splice(position, 1);
          const revisionsOfPuts = told.sort((a, b) => a - b); // their order is nobody's promise
          assertSame(revisionsOfPuts, [1, 2, 3], `the revisions around an empty commit at ${position}`);
          assert.ok(empty !== undefined && empty >= 0 && empty <= 3, `the empty one was told ${empty}`);
          assert.equal((await fresh.stats()).revision, 3);
          assert.equal(await fresh.commit([]), 3, 'a later empty commit');
          assert.equal(await fresh.commit([putType('next')]), 4);
        });
      }
    },
    'of commits made at once, those that are wrong fail alone': async ({ full }) => {
      await full.commit([putType('taken')]);
      const wrong: readonly (readonly [string, () => Promise<unknown>])[] = [
        ['STORAGE_CONFLICT', () => full.commit([putType('x')], expectAbsent('taken'))],
        ['INVALID_RECORD', () => full.commit([putType('x', { check: () => true })])],
        ['INVALID_RECORD', () => full.commit([putType('a'), putType('')])],
        ['STORAGE_CONFLICT', () => full.commit([], expectAbsent('taken'))],
      ];
      for (const [round, [code, commit]] of wrong.entries()) {
        const outcomes = await Promise.allSettled([
          ...numbers(3).map((n) => full.commit([putType(`before ${round} ${n}`)])),
          commit(),
          ...numbers(3).map((n) => full.commit([putType(`after ${round} ${n}`)])),
        ]);
        for (const [i, outcome] of outcomes.entries()) {
          const told = outcome.status === 'rejected' ? fieldOf(outcome.reason, 'code') : 'resolved';
          assert.equal(
            told,
            i === 3 ? code : 'resolved',
            `commit ${i + 1} of 7, of which the 4th is ${code}`,
          );
        }
        for (const n of numbers(3)) {
          for (const when of ['before', 'after']) {
            assert.ok(await full.getGType(`${when} ${round} ${n}`), `${when} ${round} ${n} is not there`);
          }
        }
      }
      assert.equal(await full.getGType('x'), undefined, 'what failed is there');
      assert.equal((await full.stats()).revision, 1 + wrong.length * 6);
    },
  }),
  ...cases('batches', ['commit', 'watch'], {
    'an empty commit among others is no event': async ({ full }) => {
      await full.commit([putType('first')]);
      await Promise.all([
        ...[full.commit([]), full.commit([putType('a')]), full.commit([])],
        ...[full.commit([], expectAbsent('nothing')), full.commit([putType('b')]), full.commit([])],
      ]);
      await full.commit([putType('last')]);
      const told = summary(await take(full.watch({ after: 0 }), 4));
      assertSame(Object.keys(told).map(Number), [1, 2, 3, 4]);
      assertSame([told[1], told[4]], [['put gtype first'], ['put gtype last']]);
      assertSame([told[2], told[3]].flat().sort(), ['put gtype a', 'put gtype b']);
      const { revision } = await full.stats();
      const watch = full.watch({ after: revision });
      await full.commit([putType('after')]);
      assertSame(revisions(await take(watch, 1)), [revision + 1], 'a watch after the revision of stats()');
    },
  }),
];
