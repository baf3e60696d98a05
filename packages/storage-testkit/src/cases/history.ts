import assert from 'node:assert/strict';
import type { Revision, Storage, StorageError } from '@gati-framework/manifest-store';
import { DeadlineError, getPatience, within } from '../assertions/deadline.js';
import { assertRejects } from '../assertions/rejects.js';
import { assertSame } from '../assertions/same.js';
import type { ConformanceCase } from '../conformance-case.js';
import { fieldOf } from '../untyped.js';
import { cases } from './cases.js';
import { numbers, oneByOne, putType } from './helpers.js';
import { isDone, revisions, take } from './watching.js';

const LIMIT = 20;
const limited = { historyLimit: LIMIT };

/** The revisions that a watch after this one replays up to `last`; `undefined` when they are no longer kept. */
async function replayed(
  storage: Storage,
  after: Revision,
  last: Revision,
): Promise<readonly Revision[] | undefined> {
  const watch = storage.watch({ after });
  try {
    return revisions(await take(watch, last - after));
  } catch (error) {
    if (fieldOf(error, 'code') !== 'STORAGE_COMPACTED') throw error;
    return undefined;
  } finally {
    await watch.return?.();
  }
}

/** Commits until the first revision is no longer kept; resolves with the last one. */
async function outgrow(storage: Storage): Promise<Revision> {
  await oneByOne(3 * LIMIT, (n) => storage.commit([putType(`${n % 7}`)]));
  const deadline = Date.now() + getPatience();
  for (;;) {
    const { revision } = await storage.stats();
    if ((await replayed(storage, 0, revision)) === undefined) return revision;
    if (Date.now() > deadline) {
      throw new DeadlineError(`of ${revision} commits with a historyLimit of ${LIMIT} all are still kept`);
    }
    await storage.commit([putType('one more')]); // what shortens the history may do so when it is written to
  }
}

export const historyCases: readonly ConformanceCase[] = cases(
  'history',
  ['watch', 'commit', 'historyLimit'],
  {
    'what is no longer kept is STORAGE_COMPACTED, and the way from there is to watch from now on': ({
      withFresh,
    }) =>
      withFresh(async ({ full }) => {
        const last = await outgrow(full);
        for (const after of [0, 1, 2]) {
          const watch = full.watch({ after });
          const error = await assertRejects(() => watch.next(), 'STORAGE_COMPACTED');
          assert.ok(error.message.length > 0);
          assert.equal((await watch.next()).done, true, 'after the error');
        }
        const watch = full.watch({ after: last });
        await full.commit([putType('next')]);
        assertSame(revisions(await take(watch, 1)), [last + 1]);
        assertSame((await full.getGType('1'))?.ref, '1', 'a record whose commit is no longer kept');
      }, limited),
    'as many changes as the limit says are kept, and each revision is replayed whole or not at all': ({
      withFresh,
    }) =>
      withFresh(async ({ full }) => {
        const last = await outgrow(full);
        let isKept = true;
        // Downwards: what shortens the history beside this loop takes away the older end.
        for (let after = last; after >= 0; after -= 1) {
          const seen = await replayed(full, after, last);
          if (seen === undefined) {
            assert.ok(last - after > LIMIT, `the last ${last - after} changes are not kept, of ${LIMIT}`);
            isKept = false;
            continue;
          }
          assert.ok(isKept, `after ${after} is replayed, though a newer one is no longer kept`);
          assertSame(seen, numbers(last).slice(after), `the revisions after ${after}`);
        }
        assert.ok(!isKept, 'everything is still kept');
      }, limited),
    'a watcher that falls too far behind is told so, and nothing is skipped before': ({ withFresh }) =>
      withFresh(async ({ full }) => {
        await full.open();
        const slow = full.watch();
        await full.commit([putType('first')]);
        assertSame(revisions(await take(slow, 1)), [1]);
        const last = await outgrow(full);
        const seen = [1];
        const falling = async (): Promise<void> => {
          while (seen.length < last) seen.push(...revisions(await take(slow, 1)));
        };
        const error = await within(
          falling().then(
            () => undefined,
            (reason: StorageError) => reason,
          ),
          'the slow watcher',
        );
        assertSame(seen, numbers(seen.length), 'what the slow watcher was told');
        assert.equal(error?.code, 'STORAGE_COMPACTED', `after ${seen.length} of ${last}: ${String(error)}`);
        assert.ok(await isDone(slow), 'after the error');
      }, limited),
  },
);
