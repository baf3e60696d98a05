import assert from 'node:assert/strict';
import type { Change } from '@gati-framework/manifest-store';
import { assertSame } from '../assertions/same.js';
import type { ConformanceCase } from '../conformance-case.js';
import { cases } from './cases.js';
import { later, numbers, oneByOne, putType } from './helpers.js';
import { revisions, summary, take } from './watching.js';

export const watchCrowdCases: readonly ConformanceCase[] = cases('watch', ['watch', 'commit'], {
  'of many watchers each is told everything, also after half of them left': async ({ full }) => {
    await full.open();
    const watches = numbers(24).map(() => full.watch());
    const first = Promise.all(watches.map((watch) => take(watch, 5)));
    await oneByOne(5, (n) => full.commit([putType(`${n}`)]));
    for (const events of await first) assertSame(revisions(events), numbers(5));
    const [leaving, staying] = [watches.slice(0, 12), watches.slice(12)];
    const second = Promise.all(staying.map((watch) => take(watch, 2)));
    await Promise.all(leaving.map((watch) => watch.return?.()));
    await oneByOne(2, (n) => full.commit([putType(`later ${n}`)]));
    for (const events of await second) assertSame(revisions(events), [6, 7]);
  },
  'a commit wakes a watcher at whatever moment of its going to sleep it comes': async ({ full }) => {
    await full.open();
    const watch = full.watch();
    for (const gap of numbers(24)) {
      const awaited = later(take(watch, 1));
      // Each promise that is awaited here is one more step that the watcher has taken.
      for (const _ of numbers(gap - 1)) await undefined;
      await full.commit([putType(`${gap}`)]);
      assertSame(revisions(await awaited), [gap], `a commit ${gap - 1} steps after next()`);
    }
  },
  'an event of thousands of changes is whole and in order, and so are those around it': async ({ full }) => {
    const refs = numbers(2_500).map((n) => `t${n}`);
    await full.commit([putType('before')]);
    const watch = full.watch();
    await full.commit(refs.map((ref) => putType(ref)));
    await full.commit(refs.map((ref): Change => ({ delete: 'gtype', key: { ref } })));
    await full.commit([putType('after')]);
    const expected = {
      1: ['put gtype before'],
      2: refs.map((ref) => `put gtype ${ref}`),
      3: refs.map((ref) => `delete gtype ${ref}`),
      4: ['put gtype after'],
    };
    assertSame(summary(await take(full.watch({ after: 0 }), 4)), expected, 'the replay');
    const { 1: _, ...followed } = expected;
    assertSame(summary(await take(watch, 3)), followed, 'what followed');
  },
  'the time of a commit is when it was made, whenever it is told': async ({ full }) => {
    const begun = Date.now() - 60_000; // by the clock of whichever process commits
    await full.commit([putType('a')]);
    await full.commit([putType('b')]);
    const times = async (): Promise<number[]> =>
      (await take(full.watch({ after: 0 }), 2)).map(({ committedAt }) => committedAt);
    const told = await times();
    for (const time of told) assert.ok(time > begun && time < Date.now() + 60_000, `committedAt is ${time}`);
    for (const clock = Date.now(); Date.now() - clock < 3; ) await full.getGType('a');
    assertSame(await times(), told, 'told again');
  },
});
