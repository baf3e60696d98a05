import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Change, Storage } from '@gati-framework/manifest-store';
import { TroubleLog } from '@gati-framework/storage-kit';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { loadStore } from '../dist/feed/load-store.js';
import { StoreMirror } from '../dist/feed/store-mirror.js';
import { LogReader } from '../dist/store/read-log.js';
import { Upkeep } from '../dist/upkeep/upkeep.js';
import { withClient } from './support/places.js';
import { countKeys, endpoints, newPrefix, open, put, silent } from './support/stores.js';

/** Several batches, of which a few requests are written in advance. */
function* manyPuts(description: string): Generator<Change> {
  for (let n = 0; n < 2_500; n += 1) yield put(`${n}`, description);
}

/** Changes that come until somebody else has done something, and then the rest. */
async function* around(
  meanwhile: () => Promise<unknown>,
  rest: readonly Change[] = [],
): AsyncGenerator<Change> {
  yield* manyPuts('streamed');
  await meanwhile();
  yield* rest;
}

async function refsOf(storage: Storage): Promise<unknown[]> {
  const refs: unknown[] = [];
  for await (const { key } of storage.entries()) refs.push(Reflect.get(key, 'ref'));
  return refs;
}

/** A process that commits a stream. */
function streaming(prefix: string, flags: readonly string[], ...how: readonly (string | number)[]) {
  const script = fileURLToPath(new URL('./support/children/streams.mjs', import.meta.url));
  const child = spawn(process.execPath, [...flags, script, endpoints, prefix, ...how.map(String)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

describe.skipIf(endpoints === '')('a commit of changes that come one after the other', () => {
  test('leaves others to commit, and is decided by what is there at its end', async () => {
    const prefix = newPrefix();
    const [storage, other] = [open(prefix), open(prefix)];
    await storage.commit([put('first'), put('7', 'old')]);
    const committed = await storage.commit(
      around(
        () => other.commit([put('others'), { delete: 'gtype', key: { ref: 'first' } }]),
        [{ delete: 'gtype', key: { ref: '8' } }, put('last', 'x'.repeat(1_500_000))],
      ),
      { expect: [{ kind: 'gtype', key: { ref: '7' }, revision: 1 }], note: 'streamed' },
    );
    expect(committed).toBe(3);
    const streamed = Array.from({ length: 2_500 }, (_, n) => `${n}`).filter(
      (ref) => ref !== '7' && ref !== '8',
    );
    expect(await refsOf(open(prefix))).toEqual(['7', 'others', ...streamed, 'last']);
    expect(await storage.getGType('7')).toMatchObject({ description: 'streamed' });
    expect((await other.get({ kind: 'gtype', key: { ref: '7' } }, { at: 2 }))?.value).toMatchObject({
      description: 'old',
    });
    const { stage, alive, ...keys } = await countKeys(prefix);
    expect([stage, alive, keys.head]).toEqual([undefined, undefined, 1]);
  });

  test('is refused when what it expects no longer holds at its end, and leaves nothing behind', async () => {
    const prefix = newPrefix();
    const [storage, other] = [open(prefix), open(prefix)];
    await storage.commit([put('a')]);
    const before = await countKeys(prefix);
    const replaced = around(() => other.commit([put('a', 'by others')]));
    await expect(
      storage.commit(replaced, { expect: [{ kind: 'gtype', key: { ref: 'a' }, revision: 1 }] }),
    ).rejects.toMatchObject({ code: 'STORAGE_CONFLICT', details: { expected: 1, actual: 2 } });
    const lost = new Error('the source is gone');
    await expect(storage.commit(around(() => Promise.reject(lost)))).rejects.toBe(lost);
    expect(await countKeys(prefix)).toEqual({ ...before, log: 2, text: 2 });
    expect(await storage.commit([put('b')])).toBe(3);
  });

  test('takes nothing where what it expects does not hold at its beginning', async () => {
    const storage = open(newPrefix());
    await storage.commit([put('a')]);
    let isTaken = false;
    async function* changes(): AsyncGenerator<Change> {
      isTaken = true;
      yield put('b');
    }
    await expect(storage.commit(changes(), { expectRevision: 0 })).rejects.toMatchObject({
      code: 'STORAGE_CONFLICT',
      details: { expected: 0, actual: 1 },
    });
    expect(isTaken).toBe(false);
    expect(await storage.commit(changes(), { expectRevision: 1 })).toBe(2);
    expect(isTaken).toBe(true);
  });

  test('is given up where they stop coming, also because they wait for a commit to the same storage', async () => {
    const prefix = newPrefix();
    const storage = open(prefix, { scanIdleTimeout: 100 });
    const inside: Promise<number>[] = [];
    async function* waiting(): AsyncGenerator<Change> {
      yield put('never');
      const made = storage.commit([put('inside')]);
      inside.push(made);
      await made;
      yield put('neither');
    }
    await expect(storage.commit(waiting())).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
      details: { scanIdleTimeout: 100 },
    });
    expect(await Promise.all(inside)).toEqual([1]);
    expect(await refsOf(storage)).toEqual(['inside']);
    expect(await countKeys(prefix)).toMatchObject({ text: 1 });
  });

  test('whose process is killed has not happened, and what it left vanishes when its sign of life does', async () => {
    const prefix = newPrefix();
    await open(prefix).commit([put('a')]);
    const child = streaming(prefix, [], 5_000, 2_000, 'hangs');
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'close');
    const storage = open(prefix);
    expect(await refsOf(storage)).toEqual(['a']);
    expect(await countKeys(prefix)).toMatchObject({ stage: 1, alive: 1 });
    await withClient(endpoints, prefix, async (client, keys) => {
      const log = new LogReader(client, keys);
      const store = await loadStore({ client, keys, log });
      if (store === undefined) throw new Error('there is no store');
      const upkeep = new Upkeep(
        { client, keys, log, mirror: new StoreMirror(store) },
        new TroubleLog(silent),
        20,
      );
      onTestFinished(() => upkeep.stop());
      upkeep.start(store.staged);
      // As when its lease is over.
      const [group = ''] = store.staged;
      await client.txn({ success: [{ op: 'delete', key: keys.alive(group) }] });
      await vi.waitFor(async () => expect((await client.range(keys.stages)).kvs).toEqual([]), {
        timeout: 30_000,
        interval: 20,
      });
      upkeep.stop();
    });
    expect((await countKeys(prefix)).text).toBe(1);
    expect(await storage.commit([put('b')])).toBe(2);
  });

  test('is made by a process whose heap holds less than half of it', { timeout: 300_000 }, async () => {
    const prefix = newPrefix();
    const child = streaming(prefix, ['--max-old-space-size=48'], 2_400, 51_200);
    child.stdout.resume();
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(await open(prefix).stats()).toMatchObject({ revision: 1, gtypeCount: 2_400 });
  });
});
