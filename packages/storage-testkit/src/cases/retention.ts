import assert from 'node:assert/strict';
import type { Revision, Storage } from '@gati-framework/manifest-store';
import { DeadlineError, getPatience } from '../assertions/deadline.js';
import { assertRejects } from '../assertions/rejects.js';
import { assertSame } from '../assertions/same.js';
import type { ConformanceCase } from '../conformance-case.js';
import { fieldOf } from '../untyped.js';
import { cases } from './cases.js';
import { numbers, oneByOne, putType } from './helpers.js';
import { allEntries, fieldsOf } from './iterating.js';
import { allLogged } from './log.js';

const LIMIT = 20;
const HOUR = 3_600_000;
const key = { kind: 'gtype', key: { ref: 'User' } } as const;

const put = (n: number): ReturnType<typeof putType> => putType('User', { n });

async function oldest(storage: Storage): Promise<Revision> {
  const { oldestRevision } = await storage.stats();
  assert.ok(oldestRevision !== undefined, 'stats() tells no oldestRevision');
  return oldestRevision;
}

/** Commits until the first revision is no longer kept; resolves with the last one. */
async function outgrow(storage: Storage): Promise<Revision> {
  const deadline = Date.now() + getPatience();
  for (let n = (await storage.stats()).revision + 1; ; n += 1) {
    await storage.commit([put(n)]);
    if ((await oldest(storage)) > 0) return (await storage.stats()).revision;
    if (Date.now() > deadline) throw new DeadlineError(`${n} commits with a limit of ${LIMIT} are all kept`);
  }
}

/** Resolves when what was committed before is older than a millisecond. */
async function clockMovesOn(): Promise<void> {
  const start = Date.now();
  while (Date.now() <= start + 1) await new Promise((resolve) => setTimeout(resolve, 1));
}

/** Each revision from the oldest on shows the value that was put then, and none before it is there. */
async function assertReaches(storage: Storage, last: Revision): Promise<void> {
  for (let at = last; at >= 0; at -= 1) {
    const first = await oldest(storage);
    const found = await storage.get(key, { at }).then(
      (entry) => fieldOf(entry?.value, 'n'),
      (error: unknown) => fieldOf(error, 'code'),
    );
    if (found === 'STORAGE_COMPACTED') {
      assert.ok(at < (await oldest(storage)), `revision ${at} cannot be read, though the oldest is ${first}`);
    } else {
      assert.equal(found, at === 0 ? undefined : at, `the value at revision ${at}`);
      assert.ok(at >= first, `revision ${at} can be read, though the oldest is ${first}`);
    }
  }
}

export const retentionCases: readonly ConformanceCase[] = [
  ...cases('retention', ['history', 'commit', 'entries', 'historyLimit'], {
    'oldestRevision is the first that can be read; what was before it is STORAGE_COMPACTED': ({
      withFresh,
    }) =>
      withFresh(
        async ({ full }) => {
          assert.equal(await oldest(full), 0);
          const last = await outgrow(full);
          await assertReaches(full, last);
          const error = await assertRejects<'STORAGE_COMPACTED'>(
            () => full.get(key, { at: 0 }),
            'STORAGE_COMPACTED',
          );
          assert.equal(error.details?.current, last);
          assert.ok(Number(error.details?.oldest) > 0, 'details.oldest');
          await assertRejects(() => allEntries(full, { at: 0 }), 'STORAGE_COMPACTED');
          await assertRejects(() => allLogged(full, { after: 0 }), 'STORAGE_COMPACTED');
        },
        { historyLimit: LIMIT },
      ),
    'as many changes as the limit says can be undone': ({ withFresh }) =>
      withFresh(
        async ({ full }) => {
          const last = (await outgrow(full)) + LIMIT;
          await oneByOne(LIMIT, async () => full.commit([put((await full.stats()).revision + 1)]));
          assert.ok((await oldest(full)) <= last - LIMIT, `the oldest is ${await oldest(full)} of ${last}`);
          const at = last - LIMIT;
          assertSame(fieldsOf(await allEntries(full, { at }), 'n'), [at]);
        },
        { historyLimit: LIMIT },
      ),
    'a value stays as long as the change that replaced it is kept': ({ withFresh }) =>
      withFresh(
        async ({ full }) => {
          await full.commit([putType('kept', { n: 'first' }), putType('gone', { n: 'first' })]);
          await outgrow(full);
          const before = (await full.stats()).revision;
          await full.commit([putType('kept', { n: 'second' })]);
          await full.commit([{ delete: 'gtype', key: { ref: 'gone' } }]);
          const entries = await allEntries(full, { at: before });
          assertSame(
            entries.map(({ value }) => [fieldOf(value, 'ref'), fieldOf(value, 'n')]),
            [
              ['kept', 'first'],
              ['gone', 'first'],
              ['User', before],
            ],
          );
        },
        { historyLimit: LIMIT },
      ),
    'log() without after tells what is kept, and newest first it ends there': ({ withFresh }) =>
      withFresh(
        async ({ full }) => {
          const last = await outgrow(full);
          const told = (await allLogged(full, { reverse: true })).map(({ revision }) => revision);
          assertSame(told, numbers(last).slice(-told.length).reverse());
          assert.ok(told.length >= LIMIT, `${told.length} of at least ${LIMIT} are told`);
          assert.ok(told.length < last, 'everything is told, though not everything is kept');
        },
        { historyLimit: LIMIT },
      ),
  }),
  ...cases('retention', ['history', 'commit', 'historyLimit', 'historyAge'], {
    'commits that are younger than the age stay, however many there are': ({ withFresh }) =>
      withFresh(
        async ({ full }) => {
          await oneByOne(5 * LIMIT, (n) => full.commit([put(n)]));
          assert.equal(await oldest(full), 0);
          await assertReaches(full, 5 * LIMIT);
        },
        { historyLimit: LIMIT, historyAge: HOUR },
      ),
    'commits that are older than the age stay as long as the limit asks for them': ({ withFresh }) =>
      withFresh(
        async ({ full }) => {
          await oneByOne(LIMIT, (n) => full.commit([put(n)]));
          await clockMovesOn();
          const last = await outgrow(full);
          assert.ok((await oldest(full)) <= last - LIMIT, 'fewer changes are kept than the limit says');
          await assertReaches(full, last);
        },
        { historyLimit: LIMIT, historyAge: 1 },
      ),
  }),
];
