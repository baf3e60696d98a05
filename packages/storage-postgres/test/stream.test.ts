import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Change, Entry, Storage } from '@gati-framework/manifest-store';
import { describe, expect, inject, test } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { withoutFigures } from '../../storage-testkit/src/without-figures.js';
import { BEYOND_THE_TEST, errorOf, historyOf, open, ownSchema, runScript } from './support/faults.js';
import { LossyProxy } from './support/lossy-proxy.js';
import { runSql } from './support/schemas.js';

const put = (ref: string, description = ''): Change => ({ put: 'gtype', value: gtype(ref, description) });
const remove = (ref: string): Change => ({ delete: 'gtype', key: { ref } });

async function* streamOf(changes: Iterable<Change>): AsyncGenerator<Change> {
  yield* changes;
}

function puts(count: number, description = ''): Change[] {
  return Array.from({ length: count }, (_, n) => put(`${n}`, description));
}

async function entriesOf(storage: Storage, at?: number): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of storage.entries(at === undefined ? {} : { at })) entries.push(entry);
  return entries;
}

/** Changes that come until the gate opens, and then the rest. */
function gated(before: readonly Change[], after: readonly Change[] = []) {
  let openGate: () => void = () => {};
  let arrive: () => void = () => {};
  const gate = new Promise<void>((resolve) => {
    openGate = resolve;
  });
  /** Resolves when everything before the gate was taken. */
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  async function* changes(): AsyncGenerator<Change> {
    yield* before;
    arrive();
    await gate;
    yield* after;
  }
  return { changes: changes(), arrived, open: openGate };
}

describe('a commit of changes that come one after the other', () => {
  test.each<[string, Change[]]>([
    ['puts in several batches', puts(3_500)],
    ['the same records in several batches', [...puts(1_200, 'first'), ...puts(2_100, 'second')]],
    ['the same record twice in the first batch', [put('a', '1'), put('a', '2'), ...puts(1_500)]],
    ['deletions and puts in turns', puts(2_400).flatMap((change, n) => [change, remove(`${n - (n % 3)}`)])],
    [
      'a clearing in a later batch',
      [...puts(1_500, 'gone'), { clear: true }, ...puts(1_200, 'new'), remove('7')],
    ],
    ['a clearing at first', [{ clear: true }, ...puts(1_100)]],
  ])('does what they do at once: %s', async (_, changes) => {
    const [streamed, whole] = [ownSchema(), ownSchema()];
    const before = [put('5', 'before'), put('before')];
    for (const place of [streamed, whole]) await open(place).commit(before);
    const storage = open(streamed);
    const array = open(whole);
    await storage.open();
    expect(await storage.commit(streamOf(changes), { note: 'größer', expectRevision: 1 })).toBe(2);
    expect(await array.commit(changes, { note: 'größer' })).toBe(2);
    expect(storage.getStats()).toEqual(array.getStats());
    expect(withoutFigures(await storage.stats())).toEqual(withoutFigures(await array.stats()));
    expect(await entriesOf(storage)).toEqual(await entriesOf(array));
    expect(await entriesOf(storage, 1)).toEqual(await entriesOf(array, 1));
    const [, event] = await historyOf(streamed);
    const [, wanted] = await historyOf(whole);
    expect(event?.note).toBe('größer');
    expect(event?.changes).toEqual(wanted?.changes);
  });

  test('that has none changes nothing, and checks what it expects', async () => {
    const storage = open(ownSchema());
    await storage.storeGType(gtype('a'));
    expect(await storage.commit(streamOf([]), { note: 'of nothing', expectRevision: 1 })).toBe(1);
    const error = await errorOf(storage.commit(streamOf([]), { expectRevision: 0 }));
    expect(error).toMatchObject({ code: 'STORAGE_CONFLICT', details: { expected: 0, actual: 1 } });
    expect(await storage.commit([put('b')])).toBe(2);
  });

  test('whose expectations do not hold takes none of them', async () => {
    const storage = open(ownSchema());
    await storage.storeGType(gtype('a'));
    let taken = 0;
    async function* changes(): AsyncGenerator<Change> {
      taken += 1;
      yield put('b');
    }
    const expectation = { kind: 'gtype', key: { ref: 'a' }, revision: null } as const;
    const missed = await errorOf(storage.commit(changes(), { expect: [expectation] }));
    expect(missed).toMatchObject({ code: 'STORAGE_CONFLICT', details: { expected: null, actual: 1 } });
    expect(taken).toBe(0);
    expect(await storage.commit(changes(), { expect: [{ ...expectation, revision: 1 }] })).toBe(2);
  });

  test('that fail undoes everything, and whoever waited goes on', async () => {
    const place = ownSchema();
    const storage = open(place);
    await storage.storeGType(gtype('a', 'as it was'));
    async function* failing(): AsyncGenerator<Change> {
      yield* puts(2_500);
      yield put('a', 'changed');
      throw new RangeError('the source is broken');
    }
    await expect(storage.commit(failing())).rejects.toThrow(new RangeError('the source is broken'));
    const refused = streamOf([...puts(1_500), { put: 'gtype', value: { ...gtype('b'), ref: '' } }]);
    expect(await errorOf(storage.commit(refused))).toMatchObject({ code: 'INVALID_RECORD' });
    expect(await entriesOf(storage)).toMatchObject([{ revision: 1, value: gtype('a', 'as it was') }]);
    expect(await open(place).commit([put('b')])).toBe(2);
    expect(await storage.commit([put('c')])).toBe(3);
  });

  test('is seen when it is made; meanwhile others read, and wait to write for as long as lockTimeout says', async () => {
    const place = ownSchema();
    const storage = open(place);
    const impatient = open({ ...place, lockTimeout: 100 });
    const patient = open(place);
    await storage.storeGType(gtype('0', 'old'));
    expect(await patient.getGType('0')).toEqual(gtype('0', 'old'));
    const source = gated(puts(2_000, 'new'), [put('last')]);
    const making = storage.commit(source.changes);
    await source.arrived;
    expect(await entriesOf(patient)).toHaveLength(1);
    expect(await storage.getGType('0')).toEqual(gtype('0', 'old'));
    expect(await errorOf(impatient.storeGType(gtype('x')))).toMatchObject({ code: 'STORAGE_LOCKED' });
    const event = patient.watch({ after: 1 }).next();
    const later = patient.commit([put('x')]);
    source.open();
    expect(await making).toBe(2);
    expect(await later).toBe(3);
    expect((await event).value?.changes).toHaveLength(2_001);
    expect(await patient.getGType('0')).toEqual(gtype('0', 'new'));
    expect(await entriesOf(impatient)).toHaveLength(2_002);
  });
});

describe('a commit of changes that come one after the other, when the connection', () => {
  const terminate = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = `;

  test('is lost before the end: nothing is stored, and it is told while the changes are waited for', async () => {
    const place = ownSchema();
    const storage = open({ ...place, applicationName: place.schema });
    await storage.storeGType(gtype('a'));
    const source = gated(puts(2_500));
    const error = errorOf(storage.commit(source.changes));
    await source.arrived;
    await runSql(place.connectionString, `${terminate} '${place.schema}'`);
    expect(await error).toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    expect(await entriesOf(open(place))).toHaveLength(1);
    expect(await storage.commit([put('b')])).toBe(2);
  });

  test('is idle for longer than scanIdleTimeout: the server ends it, and the error says so', async () => {
    const place = ownSchema();
    const storage = open({ ...place, scanIdleTimeout: 100 });
    const source = gated(puts(1_500));
    const error = await errorOf(storage.commit(source.changes));
    expect(error).toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    expect(error.message).toContain('scanIdleTimeout');
    expect(await open(place).commit([put('b')])).toBe(1);
  });

  /** Goes through a proxy that loses what has to do with the end of the transaction. */
  async function lossy(what: 'request' | 'answer' | 'everything after the request', retryTimeout: number) {
    const place = ownSchema();
    const proxy = await LossyProxy.to(Number(new URL(inject('postgresUrl')).port));
    const through = { schema: place.schema, connectionString: proxy.url, retryTimeout };
    const storage = open({ ...through, listen: false, pollInterval: 600_000 });
    await storage.storeGType(gtype('a'));
    const source = gated(puts(1_500), [put('last')]);
    const making = storage.commit(source.changes);
    await source.arrived;
    proxy.lose(what, 'COMMIT');
    source.open();
    return { place, storage, making };
  }

  test('loses the answer to the end: the server is asked, and the commit is made once', async () => {
    const { place, storage, making } = await lossy('answer', BEYOND_THE_TEST);
    expect(await making).toBe(2);
    expect(storage.getStats().gtypeCount).toBe(1_502);
    expect((await historyOf(place)).map(({ changes }) => changes.length)).toEqual([1, 1_501]);
  });

  test('loses the end itself: nothing is stored', async () => {
    const { place, storage, making } = await lossy('request', BEYOND_THE_TEST);
    expect(await errorOf(making)).toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    expect(await storage.commit([put('b')])).toBe(2);
    expect(await historyOf(place)).toHaveLength(2);
  });

  test('loses the answer, and the server cannot be asked: it is in doubt', async () => {
    const { making } = await lossy('everything after the request', 300);
    expect(await errorOf(making)).toMatchObject({ code: 'STORAGE_IN_DOUBT' });
  });
});

test('a process that is killed in the middle leaves the store as it was', async () => {
  const { connectionString, schema } = ownSchema();
  const script = fileURLToPath(new URL('./support/children/streams.mjs', import.meta.url));
  const child = spawn(process.execPath, [script, connectionString, schema, '3000', '100'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'close');
  const storage = open({ connectionString, schema });
  expect(await storage.commit([put('next')])).toBe(1);
  expect(await entriesOf(storage)).toHaveLength(1);
  const { rows } = await runSql(connectionString, `SELECT count(*)::integer AS count FROM ${schema}.changes`);
  expect(rows).toEqual([{ count: 1 }]);
});

test('200 MiB are committed by a process that may hold a fifth of that', async () => {
  const { connectionString, schema } = ownSchema();
  const script = fileURLToPath(new URL('./support/children/streams.mjs', import.meta.url));
  const { status, stdout, stderr } = await runScript(
    'await import(process.argv[1]);',
    [script, connectionString, schema, '20000', '10240'],
    300_000,
    ['--max-old-space-size=40'],
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('committed 1');
  const { gtypeCount, revision } = await open({ connectionString, schema }).stats();
  expect({ gtypeCount, revision }).toEqual({ gtypeCount: 20_000, revision: 1 });
}, 300_000);
