import { describe, expect, test } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import {
  errorOf,
  historyOf,
  open,
  putsOf,
  startServer,
  timesUpAfter,
  watchRejections,
} from './support/faults.js';
import { runSql } from './support/schemas.js';

describe('a server that is down', () => {
  test('at the start: the call says so, and a later one finds it', async () => {
    watchRejections();
    const server = await startServer();
    await server.stop();
    const storage = open({ connectionString: server.url, retryTimeout: 300 });
    const error = await errorOf(storage.getGType('x'));
    expect(error).toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    expect(error.message).toContain('cannot be reached');
    expect(await storage.health()).toMatchObject({ status: 'failed' });
    await server.start();
    await storage.storeGType(gtype('x', 'x'));
    expect(await storage.health()).toMatchObject({ status: 'ok', revision: 1 });
  });

  test('at the start, and up before retryTimeout: nobody notices', async () => {
    const server = await startServer();
    await server.stop();
    const storage = open({ connectionString: server.url });
    const storing = storage.storeGType(gtype('x', 'x'));
    await server.start();
    await storing;
    expect(putsOf(await historyOf({ connectionString: server.url }))).toEqual(['x']);
  });
});

describe('a server that dies under load', () => {
  test('every acknowledged write is there, once, in a history without gaps', async () => {
    watchRejections();
    const server = await startServer();
    const storage = open({ connectionString: server.url, retryTimeout: 20_000 });
    const watched = open({ connectionString: server.url, retryTimeout: 20_000 });
    await storage.open();
    const seen: number[] = [];
    const watch = watched.watch({ after: 0 });
    const watching = (async () => {
      for await (const { revision } of watch) seen.push(revision);
    })();
    const acknowledged: string[] = [];
    let isOver = false;
    const write = async (caller: number): Promise<void> => {
      for (let i = 0; !isOver; i += 1) {
        const text = `${caller}-${i}`;
        await storage.storeGType(gtype(`${caller}`, text));
        acknowledged.push(text);
        expect((await storage.getGType(`${caller}`))?.description).toBe(text);
      }
    };
    const writing = Promise.all(Array.from({ length: 16 }, (_, caller) => write(caller)));
    for (const stop of [() => server.kill(), () => server.stop('SIGQUIT'), () => server.stop('SIGINT')]) {
      const before = acknowledged.length;
      await Promise.race([expect.poll(() => acknowledged.length).toBeGreaterThan(before + 100), writing]);
      await stop();
      await server.start();
    }
    const before = acknowledged.length;
    await expect.poll(() => acknowledged.length).toBeGreaterThan(before + 100);
    isOver = true;
    await writing;
    const puts = putsOf(await historyOf({ connectionString: server.url }));
    expect([...puts].sort()).toEqual([...acknowledged].sort());
    await expect.poll(() => seen.length).toBe(puts.length);
    expect(seen).toEqual(puts.map((_, i) => i + 1));
    await watch.return?.();
    await watching;
  });

  test('sessions that are terminated again and again: no caller notices, and the log tells of each cause once a second', async () => {
    watchRejections();
    const server = await startServer();
    const storage = open({ connectionString: server.url, applicationName: 'victim' });
    await storage.open();
    const begun = performance.now();
    let isOver = false;
    const acknowledged: string[] = [];
    const work = async (caller: number): Promise<void> => {
      for (let i = 0; !isOver; i += 1) {
        const text = `${caller}-${i}`;
        await storage.storeGType(gtype(`${caller}`, text));
        acknowledged.push(text);
        expect((await storage.get({ kind: 'gtype', key: { ref: `${caller}` } }))?.value.description).toBe(
          text,
        );
        await storage.getAllManifestVersions('none');
      }
    };
    const working = Promise.all(Array.from({ length: 20 }, (_, caller) => work(caller)));
    const terminate = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'victim'`;
    for (let round = 0; round < 10; round += 1) {
      const before = acknowledged.length;
      await runSql(server.url, terminate);
      await Promise.race([expect.poll(() => acknowledged.length).toBeGreaterThan(before + 20), working]);
    }
    isOver = true;
    await working;
    const seconds = (performance.now() - begun) / 1_000;
    const causes = storage.warnings.map((line) => line.split(': ')[1] ?? line);
    for (const cause of new Set(causes)) {
      expect(causes.filter((other) => other === cause).length, cause).toBeLessThanOrEqual(1 + seconds);
    }
    expect(putsOf(await historyOf({ connectionString: server.url })).sort()).toEqual(acknowledged.sort());
  });
});

describe('a server that hangs', () => {
  test('health says so within two seconds, memory is not believed for long, and all goes on afterwards', async () => {
    watchRejections();
    const server = await startServer();
    const options = { connectionString: server.url, statementTimeout: 2_000, retryTimeout: 1_000 };
    const storage = open({ ...options, connectTimeout: 1_000, pollInterval: 200 });
    await storage.storeGType(gtype('x', 'first'));
    expect(await storage.getGType('x')).toEqual(gtype('x', 'first'));
    server.pause();
    try {
      const isTooLateForHealth = timesUpAfter(2_000);
      const isTooLate = timesUpAfter(20_000);
      expect(await storage.health()).toMatchObject({
        status: 'failed',
        error: { code: 'STORAGE_UNAVAILABLE' },
      });
      expect(isTooLateForHealth()).toBe(false);
      // By now the feed has not been confirmed for longer than two intervals.
      expect(await errorOf(storage.getGType('x'))).toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
      expect(await errorOf(storage.storeGType(gtype('x', 'second')))).toMatchObject({
        code: expect.stringMatching(/STORAGE_(IN_DOUBT|UNAVAILABLE)/),
      });
      expect(isTooLate()).toBe(false);
    } finally {
      server.resume();
    }
    await storage.storeGType(gtype('x', 'third'));
    expect(await storage.getGType('x')).toEqual(gtype('x', 'third'));
    const puts = putsOf(await historyOf({ connectionString: server.url }));
    expect(puts.filter((text) => text !== 'second')).toEqual(['first', 'third']);
    expect(puts.filter((text) => text === 'second').length).toBeLessThanOrEqual(1);
  });
});
