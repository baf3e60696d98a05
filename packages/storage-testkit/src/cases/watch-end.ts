import assert from 'node:assert/strict';
import { within } from '../assertions/deadline.js';
import { assertSame } from '../assertions/same.js';
import type { ConformanceCase } from '../conformance-case.js';
import { cases } from './cases.js';
import { later, numbers, putType } from './helpers.js';
import { leave } from './iterating.js';
import { isDone, revisions, take } from './watching.js';

export const watchEndCases: readonly ConformanceCase[] = [
  ...cases('watch', ['watch', 'commit'], {
    'watchers are independent: each at its own pace, ended by itself': async ({ full }) => {
      await full.open();
      const fast = full.watch();
      const slow = full.watch();
      const left = full.watch();
      for (const n of numbers(3)) {
        await full.commit([putType(`${n}`)]);
        assertSame(revisions(await take(fast, 1)), [n]);
      }
      await take(left, 1);
      await leave(left);
      await full.commit([putType('4')]);
      assertSame(revisions(await take(slow, 4)), [1, 2, 3, 4]);
      assertSame(revisions(await take(fast, 1)), [4]);
      assert.ok(await isDone(left));
    },
    'several calls of next() at once are answered in order': async ({ full }) => {
      await full.open();
      const watch = full.watch();
      const pending = numbers(5).map(() => later(watch.next()));
      for (const n of numbers(5)) await full.commit([putType(`${n}`)]);
      const results = await within(Promise.all(pending), 'five calls of next()');
      assertSame(
        results.map((result) => result.value?.revision),
        numbers(5),
      );
    },
    'abort ends a watch that is waiting, without an error': async ({ full }) => {
      const controller = new AbortController();
      const watch = full.watch({ after: 0, signal: controller.signal });
      await full.commit([putType('1')]);
      await take(watch, 1);
      const pending = later(watch.next());
      controller.abort();
      assert.equal((await within(pending, 'the aborted next()')).done, true);
      await full.commit([putType('2')]);
      assert.ok(await isDone(watch), 'a later next()');
    },
    'abort ends a watch that still has events to deliver': async ({ full }) => {
      for (const n of numbers(3)) await full.commit([putType(`${n}`)]);
      const controller = new AbortController();
      const watch = full.watch({ after: 0, signal: controller.signal });
      await take(watch, 1);
      controller.abort();
      assert.ok(await isDone(watch));
    },
    'a watch with an aborted signal is over before it begins': async ({ full }) => {
      await full.commit([putType('1')]);
      assert.ok(await isDone(full.watch({ after: 0, signal: AbortSignal.abort() })));
      assert.ok(await isDone(full.watch({ signal: AbortSignal.abort() })));
    },
    'a watch leaves no listener on a signal that outlives it': async ({ full }) => {
      await full.commit([putType('1')]);
      let listeners = 0;
      const signal = {
        aborted: false,
        addEventListener: () => {
          listeners += 1;
        },
        removeEventListener: () => {
          listeners -= 1;
        },
      };
      const watch = full.watch({ after: 0, signal });
      await take(watch, 1);
      await leave(watch);
      assert.equal(listeners, 0);
    },
    'return() ends a watch also while next() is pending': async ({ full }) => {
      await full.open();
      const watch = full.watch();
      const pending = [later(watch.next()), later(watch.next())];
      const returned = await leave(watch);
      assert.equal(returned.done, true);
      for (const result of await within(Promise.all(pending), 'the pending calls of next()')) {
        assert.equal(result.done, true);
      }
      await full.commit([putType('1')]);
      assert.ok(await isDone(watch));
    },
    'leaving a for-await loop ends the watch': async ({ full }) => {
      for (const n of numbers(3)) await full.commit([putType(`${n}`)]);
      const watch = full.watch({ after: 0 });
      const seen: number[] = [];
      for await (const { revision } of watch) {
        seen.push(revision);
        if (revision === 2) break;
      }
      assertSame(seen, [1, 2]);
      assert.ok(await isDone(watch));
    },
  }),
  ...cases('watch', ['watch', 'commit', 'lifecycle'], {
    'close() ends every watch without an error': async ({ full }) => {
      await full.commit([putType('1')]);
      const waiting = full.watch();
      const pending = later(waiting.next());
      const replaying = full.watch({ after: 0 });
      await take(replaying, 1);
      const unused = full.watch({ after: 0 });
      await within(full.close(), 'close() with watchers');
      assert.equal((await within(pending, 'the pending next()')).done, true);
      assert.ok(await isDone(waiting));
      assert.ok(await isDone(replaying));
      assert.ok(await isDone(unused));
    },
  }),
];
