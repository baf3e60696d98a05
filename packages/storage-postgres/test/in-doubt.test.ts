import pg from 'pg';
import { describe, expect, inject, onTestFinished, test, vi } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import {
  errorOf,
  errorResponse,
  historyOf,
  open,
  ownSchema,
  putsOf,
  watchRejections,
} from './support/faults.js';
import { LossyProxy } from './support/lossy-proxy.js';
import { runSql } from './support/schemas.js';

const port = Number(new URL(inject('postgresUrl')).port);

async function lossy(options: object = {}) {
  watchRejections();
  const direct = ownSchema();
  const proxy = await LossyProxy.to(port);
  const storage = open({ ...options, connectionString: proxy.url, schema: direct.schema });
  await storage.storeGType(gtype('first', 'first'));
  return { proxy, storage, direct };
}

const key = { kind: 'gtype', key: { ref: 'x' } } as const;
const put = (description: string) => ({ put: 'gtype', value: gtype('x', description) }) as const;

describe.each(['request', 'answer'] as const)('the %s of a commit is lost', (what) => {
  test.each([1, 3])('%i times: it happens once, and is acknowledged with its revision', async (times) => {
    const { proxy, storage, direct } = await lossy();
    proxy.lose(what, 'the-marker', times);
    expect(await storage.commit([put('the-marker')])).toBe(2);
    expect(proxy.seen).toBe(times + 1);
    expect(putsOf(await historyOf(direct))).toEqual(['first', 'the-marker']);
    expect(await storage.getGType('x')).toEqual(gtype('x', 'the-marker'));
    expect(storage.getStats().gtypeCount).toBe(2);
    expect(await storage.commit([put('third')])).toBe(3);
    expect(storage.getStats()).toMatchObject({ gtypeCount: 2 });
  });

  test('with a delete in it', async () => {
    const { proxy, storage, direct } = await lossy();
    proxy.lose(what, 'the-marker');
    const { key: first } = { key: { ref: 'first' } };
    expect(await storage.commit([{ delete: 'gtype', key: first }, put('the-marker')])).toBe(2);
    expect((await historyOf(direct)).map(({ changes }) => changes.length)).toEqual([1, 2]);
    expect(storage.getStats().gtypeCount).toBe(1);
    expect(await storage.getGType('first')).toBeUndefined();
  });

  test('that creates, if absent: it is no conflict with itself', async () => {
    const { proxy, storage, direct } = await lossy();
    proxy.lose(what, 'the-marker');
    expect(await storage.commit([put('the-marker')], { expect: [{ ...key, revision: null }] })).toBe(2);
    expect(putsOf(await historyOf(direct))).toEqual(['first', 'the-marker']);
  });

  test('that replaces a revision: it is no conflict with itself', async () => {
    const { proxy, storage, direct } = await lossy();
    const revision = await storage.commit([put('second')]);
    proxy.lose(what, 'the-marker');
    expect(await storage.commit([put('the-marker')], { expect: [{ ...key, revision }] })).toBe(3);
    expect(putsOf(await historyOf(direct))).toEqual(['first', 'second', 'the-marker']);
    expect((await storage.get(key))?.revision).toBe(3);
  });

  test('that is refused: it stays refused', async () => {
    const { proxy, storage, direct } = await lossy();
    await storage.commit([put('second')]);
    proxy.lose(what, 'the-marker');
    const commit = storage.commit([put('the-marker')], { expect: [{ ...key, revision: null }] });
    expect(await errorOf(commit)).toMatchObject({ code: 'STORAGE_CONFLICT' });
    expect(putsOf(await historyOf(direct))).toEqual(['first', 'second']);
  });

  test('of a group: each commit gets its own answer', async () => {
    const { proxy, storage, direct } = await lossy();
    proxy.lose(what, 'the-marker');
    const results = await Promise.allSettled([
      storage.commit([put('a')], { expect: [{ ...key, revision: 77 }] }),
      storage.commit([put('b-the-marker')], { expect: [{ ...key, revision: null }] }),
      storage.commit([put('c')], { expect: [{ ...key, revision: null }] }),
      storage.commit([]),
      storage.commit([put('e')]),
    ]);
    expect(results.map((result) => ('value' in result ? result.value : result.reason.code))).toEqual([
      'STORAGE_CONFLICT',
      2,
      'STORAGE_CONFLICT',
      2,
      3,
    ]);
    expect(putsOf(await historyOf(direct))).toEqual(['first', 'b-the-marker', 'e']);
  });

  test('of a group with commits that only check: each gets the answer that it deserves', async () => {
    const { proxy, storage } = await lossy();
    proxy.lose(what, 'the-marker');
    const check = (revision: number | null) => storage.commit([], { expect: [{ ...key, revision }] });
    const results = await Promise.allSettled([
      storage.commit([put('the-marker')]),
      check(2),
      check(1),
      check(null),
      storage.commit([]),
    ]);
    expect(results.map((result) => ('value' in result ? result.value : result.reason.code))).toEqual([
      2,
      2,
      'STORAGE_CONFLICT',
      'STORAGE_CONFLICT',
      2,
    ]);
  });

  test('and meanwhile others commit to the same record', async () => {
    const { proxy, storage, direct } = await lossy();
    const other = open(direct);
    await other.open();
    proxy.lose(what, 'the-marker', 1, async () => {
      await other.commit([put('of another')]);
    });
    const revision = await storage.commit([put('the-marker')]);
    const puts = putsOf(await historyOf(direct));
    expect(puts[revision - 1]).toBe('the-marker');
    expect(puts.filter((text) => text === 'the-marker')).toHaveLength(1);
    expect((await storage.getGType('x'))?.description).toBe(puts.at(-1));
    expect((await other.getGType('x'))?.description).toBe(puts.at(-1));
  });
});

describe('a pooler loses its server after the commit, and says so in an error of its own', () => {
  test.each([
    ['FATAL', 'XX000'],
    ['ERROR', 'XX000'],
    ['FATAL', '58000'],
    ['ERROR', '58000'],
    ['FATAL', '08P01'],
    ['ERROR', '08P01'],
    ['FATAL', '57P01'],
    ['FATAL', '25P04'],
    ['FATAL', '40001'],
    ['ERROR', '40003'],
    ['PANIC', '53100'],
  ])('%s %s: the group happens once', async (severity, code) => {
    const { proxy, storage, direct } = await lossy();
    proxy.lastWords = errorResponse(severity, code, 'server conn crashed?');
    proxy.lose('answer', 'the-marker');
    const puts = ['the-marker a', 'b'].map((text) => storage.commit([put(text)]));
    expect(await Promise.all(puts)).toEqual([2, 3]);
    expect(putsOf(await historyOf(direct))).toEqual(['first', 'the-marker a', 'b']);
  });
});

describe('a connection that dies after it waited longer than retryTimeout', () => {
  /** Longer than a busy machine takes to connect again. */
  const retryTimeout = 2_000;

  async function locked(table: string) {
    watchRejections();
    const place = ownSchema();
    const storage = open({
      ...place,
      retryTimeout,
      consistency: 'strong',
      applicationName: place.schema,
    });
    await storage.storeGType(gtype('first', 'first'));
    const holder = new pg.Client(place.connectionString);
    await holder.connect();
    onTestFinished(() => holder.end());
    await holder.query(`BEGIN; LOCK TABLE ${place.schema}.${table}`);
    /** Ends the session that waits, when it has for longer than retryTimeout. */
    const terminate = () =>
      expect
        .poll(
          async () => {
            const waiting = `application_name = '${place.schema}' AND wait_event_type = 'Lock'`;
            const long = `clock_timestamp() - query_start > '${retryTimeout * 1.2} ms'`;
            const end = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${waiting} AND ${long}`;
            return (await runSql(place.connectionString, end)).rows.length;
          },
          { interval: 20 },
        )
        .toBe(1);
    return { storage, place, terminate, release: () => holder.query('ROLLBACK') };
  }

  test.each([1, 2])('%i times: the server is asked, and the commit is made', async (times) => {
    const { storage, place, terminate, release } = await locked('store');
    const commit = storage.commit([put('second')]);
    for (let n = 1; n < times; n += 1) await terminate();
    await Promise.all([terminate().then(release), commit]);
    expect(putsOf(await historyOf(place))).toEqual(['first', 'second']);
  });

  test('a read is read again', async () => {
    const { storage, terminate, release } = await locked('records');
    const read = storage.getGType('first');
    await Promise.all([terminate().then(release), read]);
    expect(await read).toEqual(gtype('first', 'first'));
  });
});

test('a short history does not make a lost commit happen again', async () => {
  const { proxy, storage, direct } = await lossy({ historyLimit: 5 });
  const other = open({ ...direct, historyLimit: 5 });
  proxy.lose('answer', 'the-marker', 1, async () => {
    for (let n = 0; n < 40; n += 1) await other.commit([put(`of another ${n}`)]);
    await vi.waitFor(async () => {
      const { rows } = await runSql(
        direct.connectionString,
        `SELECT count(*)::integer AS count FROM ${direct.schema}.changes WHERE value LIKE '%the-marker%'`,
      );
      expect(rows[0].count).toBe(0);
    }, 30_000);
  });
  const revision = await storage.commit([put('the-marker')]).catch((error) => error.code);
  expect([2, 'STORAGE_IN_DOUBT']).toContain(revision);
  expect((await storage.stats()).revision).toBe(42);
  expect((await other.getGType('x'))?.description).toBe('of another 39');
});

test('a server that is gone after the commit was sent leaves it in doubt, and says so', async () => {
  const { proxy, storage, direct } = await lossy({ retryTimeout: 400 });
  proxy.lose('everything after the request', 'the-marker');
  const error = await errorOf(storage.commit([put('the-marker')]));
  expect(error).toMatchObject({ code: 'STORAGE_IN_DOUBT', details: { operation: expect.any(String) } });
  expect(error.message).toMatch(/Read what you wrote before you write it again/);
  // What comes later was never sent, and is in no doubt.
  expect(await errorOf(storage.commit([put('later')]))).toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
  expect(await errorOf(storage.getGType('x') as Promise<unknown>)).toMatchObject({
    code: 'STORAGE_UNAVAILABLE',
  });
  proxy.revive();
  expect(await storage.getGType('x')).toEqual(gtype('x', 'the-marker'));
  expect(await storage.commit([put('later')])).toBe(3);
  expect(putsOf(await historyOf(direct))).toEqual(['first', 'the-marker', 'later']);
});

test('the answer of a read is lost: it is read again', async () => {
  const { proxy, storage } = await lossy({ consistency: 'strong' });
  proxy.lose('answer', 'first', 2);
  expect(await storage.getGType('first')).toEqual(gtype('first', 'first'));
  expect(proxy.seen).toBe(3);
});
