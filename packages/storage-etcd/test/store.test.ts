import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Storage } from '@gati-framework/manifest-store';
import { inspectPrefix } from '@gati-framework/storage-etcd';
import { describe, expect, test, vi } from 'vitest';
import { Stage, stagedGroups, sweepStages } from '../dist/commit/staging.js';
import type { KeyRange } from '../dist/wire/messages.js';
import { dropPrefix, withClient } from './support/places.js';
import { countKeys, endpoints, newPrefix, open, put, silent } from './support/stores.js';

describe.skipIf(endpoints === '')('a store in etcd', () => {
  test('a commit that is too large for one request is one commit, and leaves nothing else behind', async () => {
    const prefix = newPrefix();
    const storage = open(prefix);
    const large = 'x\u20ac'.repeat(1_500_000);
    expect(
      await storage.commit([put('large', large), ...Array.from({ length: 6_000 }, (_, i) => put(`${i}`))]),
    ).toBe(1);
    const again = open(prefix);
    expect((await again.get({ kind: 'gtype', key: { ref: 'large' } }))?.value).toMatchObject({
      description: large,
    });
    expect((await again.stats()).gtypeCount).toBe(6_001);
    const [event] = await eventsOf(again, 1);
    expect(event?.changes).toHaveLength(6_001);
    const { stage, alive, ...keys } = await countKeys(prefix);
    expect([stage, alive]).toEqual([undefined, undefined]);
    expect(keys).toMatchObject({ head: 1, tail: 1, log: 1 });
  });

  test('of a large group, commits that are refused leave nothing behind', async () => {
    const prefix = newPrefix();
    const storage = open(prefix);
    await storage.commit([put('there')]);
    const expect1 = [{ kind: 'gtype', key: { ref: 'there' }, revision: null }] as const;
    const large = 'x'.repeat(700_000);
    const outcomes = await Promise.allSettled([
      storage.commit([put('a', large), put('b', large)]),
      storage.commit([put('c', large)], { expect: expect1 }),
      storage.commit([put('d', large)]),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    const { text } = await countKeys(prefix);
    // Two pieces of each large one, and the one that was there.
    expect(text).toBe(3 * 2 + 1);
  });

  test('what a process left that died during a large commit is swept away by the next that opens the store', async () => {
    const prefix = newPrefix();
    await open(prefix).commit([put('a')]);
    await withClient(endpoints, prefix, (client, keys) =>
      client.txn({
        success: [keys.stage('dead'), keys.text('dead/00000000'), keys.part('dead/1', 0)].map((key) => ({
          op: 'put',
          key,
          value: Buffer.from('x'),
        })),
      }),
    );
    const storage = open(prefix);
    await storage.open();
    const countOf = async (range: KeyRange): Promise<number> =>
      withClient(endpoints, prefix, async (client) => (await client.range(range)).kvs.length);
    await withClient(endpoints, prefix, async (_client, keys) => {
      await vi.waitFor(async () => expect(await countOf(keys.stages)).toBe(0), {
        timeout: 30_000,
        interval: 20,
      });
      expect([await countOf(keys.texts('dead')), await countOf(keys.parts('dead'))]).toEqual([0, 0]);
    });
    expect(await storage.getGType('a')).toBeDefined();
  });

  test('a large commit that is still alive is not swept away', async () => {
    const prefix = newPrefix();
    await open(prefix).commit([put('a')]);
    await withClient(endpoints, prefix, (client, keys) =>
      client.txn({
        success: [keys.stage('alive'), keys.alive('alive')].map((key) => ({
          op: 'put',
          key,
          value: Buffer.from('x'),
        })),
      }),
    );
    const storage = open(prefix, { history: { changes: 1 } });
    for (let i = 0; i < 3; i += 1) await storage.commit([put('a', `${i}`)]);
    await storage.close();
    expect(await countKeys(prefix)).toMatchObject({ stage: 1, alive: 1 });
  });

  test('what is forgotten takes no keys, and what is there can be read by who opens the store', async () => {
    const prefix = newPrefix();
    const storage = open(prefix, { history: { changes: 10 } });
    await storage.commit([put('kept'), put('replaced'), put('deleted')]);
    await storage.commit([{ clear: true }, put('kept'), put('replaced'), put('deleted')]);
    await storage.commit([{ delete: 'gtype', key: { ref: 'deleted' } }]);
    for (let i = 0; i < 60; i += 1) await storage.commit([put('replaced', `${i}`)]);
    await vi.waitFor(
      async () => {
        await storage.commit([put('replaced', 'more')]);
        const { log = 0, text = 0 } = await countKeys(prefix);
        expect(log).toBeLessThan(20);
        // Of the log each has one that it replaced, and there are the two that are left.
        expect(text).toBeLessThanOrEqual(log + 2);
      },
      { timeout: 30_000, interval: 20 },
    );
    await storage.close(); // nothing more is forgotten
    const again = open(prefix);
    const refs: string[] = [];
    for await (const { value } of again.entries()) refs.push(String(Reflect.get(value, 'ref')));
    expect(refs).toEqual(['kept', 'replaced']);
    const { revision, oldestRevision = 0 } = await again.stats();
    expect(oldestRevision).toBeGreaterThan(0);
    const then = await again.get({ kind: 'gtype', key: { ref: 'kept' } }, { at: oldestRevision });
    expect(then?.value).toMatchObject({ ref: 'kept' });
    expect(revision).toBeGreaterThan(60);
  });

  test('who opens a store reads rows and the end of the log, also where both tell of the same', async () => {
    const prefix = newPrefix();
    const storage = open(prefix);
    const refs = Array.from({ length: 700 }, (_, i) => `${(i * 11) % 700}`);
    await storage.commit(refs.map((ref) => put(ref)));
    await storage.commit([
      { delete: 'gtype', key: { ref: '7' } },
      ...refs.slice(0, 400).map((ref) => put(ref, 'new')),
    ]);
    await vi.waitFor(async () => expect((await countKeys(prefix)).row).toBeGreaterThan(0), {
      timeout: 30_000,
    });
    await storage.commit([put('7', 'again'), { delete: 'gtype', key: { ref: '14' } }]);
    // The rows are ahead of what the tail says of them, as after a process that died while it wrote them.
    await withClient(endpoints, prefix, async (client, keys) => {
      const [kv] = (await client.range({ key: keys.tail })).kvs;
      const tail = { ...JSON.parse(String(kv?.value)), indexed: 0, indexedChanges: 0 };
      await client.txn({
        success: [{ op: 'put', key: keys.tail, value: Buffer.from(JSON.stringify(tail)) }],
      });
    });
    const seen = async (from: Storage): Promise<unknown[]> => {
      const entries: unknown[] = [];
      for await (const { key, revision, value } of from.entries()) entries.push([key, revision, value]);
      return entries;
    };
    const wanted = await seen(storage);
    expect(wanted).toHaveLength(699);
    expect(await seen(open(prefix))).toEqual(wanted);
  });

  test.each([1, 2, 3])(
    'a store whose log lacks commit %s of three is not opened as if it had not been made',
    async (lost) => {
      const prefix = newPrefix();
      const storage = open(prefix);
      for (const ref of ['a', 'b', 'c']) await storage.commit([put(ref)]);
      await storage.close();
      await withClient(endpoints, prefix, (client, keys) =>
        client.txn({ success: [{ op: 'delete', key: keys.group(lost) }] }),
      );
      await expect(open(prefix).open()).rejects.toMatchObject({
        code: 'STORAGE_CORRUPT',
        message: expect.stringContaining(`after revision ${lost - 1}:`),
      });
    },
  );

  test('what is taken back of a large commit that was made after all is nothing', async () => {
    const prefix = newPrefix();
    await withClient(endpoints, prefix, async (client, keys) => {
      const stage = new Stage(client, keys, 'made');
      const [text, later] = [keys.text('made/00000000'), keys.text('made/00000001')];
      await stage.write([{ op: 'put', key: text, value: Buffer.from('x') }]);
      await stage.seal('made/1', []);
      const { succeeded } = await client.txn({ compare: [stage.condition], success: stage.end });
      expect(succeeded).toBe(true);
      await stage.drop();
      expect((await client.range({ key: text })).kvs).toHaveLength(1);
      await expect(stage.write([{ op: 'put', key: later, value: Buffer.from('x') }])).rejects.toMatchObject({
        code: 'STORAGE_UNAVAILABLE',
      });
    });
  });

  test('a large commit that is made after somebody has found what it staged keeps its texts', async () => {
    const prefix = newPrefix();
    await withClient(endpoints, prefix, async (client, keys) => {
      const stage = new Stage(client, keys, 'made');
      const text = keys.text('made/00000000');
      await stage.write([{ op: 'put', key: text, value: Buffer.from('x') }]);
      await stage.seal('made/1', []);
      const found = await stagedGroups(client, keys);
      expect(found).toEqual(['made']);
      const { succeeded } = await client.txn({ compare: [stage.condition], success: stage.end });
      expect(succeeded).toBe(true);
      await sweepStages(client, keys, found);
      expect((await client.range({ key: text })).kvs).toHaveLength(1);
    });
  });

  test('keys of others under the prefix are no store, and stay as they are', async () => {
    const prefix = newPrefix();
    await withClient(endpoints, prefix, (client) =>
      client.txn({ success: [{ op: 'put', key: `${prefix}/theirs`, value: Buffer.from('x') }] }),
    );
    await expect(open(prefix).open()).rejects.toMatchObject({ code: 'STORAGE_FOREIGN' });
    expect(await countKeys(prefix)).toEqual({ theirs: 1 });
  });

  test('a store of a newer form is refused, and stays as it is', async () => {
    const prefix = newPrefix();
    await open(prefix).open();
    await withClient(endpoints, prefix, async (client, keys) => {
      const [kv] = (await client.range({ key: keys.head })).kvs;
      const head = Buffer.from(JSON.stringify({ ...JSON.parse(String(kv?.value)), format: 99 }));
      await client.txn({ success: [{ op: 'put', key: keys.head, value: head }] });
    });
    await expect(open(prefix).open()).rejects.toMatchObject({ code: 'STORAGE_SCHEMA_TOO_NEW' });
  });

  test('a store that is only read is not made, and not written to', async () => {
    const prefix = newPrefix();
    await expect(open(prefix, { readOnly: true }).open()).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
    });
    expect(await countKeys(prefix)).toEqual({});
    const writer = open(prefix);
    await writer.commit([put('a')]);
    const reader = open(prefix, { readOnly: true, history: { changes: 7 } });
    expect(await reader.getGType('a')).toBeDefined();
    await expect(reader.clear()).rejects.toMatchObject({ code: 'STORAGE_READONLY' });
    expect(await reader.stats()).toMatchObject({ revision: 1, gtypeCount: 1 });
  });

  test('a store that was deleted is noticed, and one that took its place is another', async () => {
    const prefix = newPrefix();
    const storage = open(prefix, { log: silent });
    await storage.commit([put('a')]);
    const watch = storage.watch({ after: 1 });
    const ended = watch.next();
    await dropPrefix(endpoints, prefix);
    await expect(storage.stats()).rejects.toMatchObject({ code: 'STORAGE_REPLACED' });
    await expect(storage.commit([put('b')])).rejects.toMatchObject({ code: 'STORAGE_REPLACED' });
    await open(prefix).commit([put('c')]);
    expect(await storage.stats()).toMatchObject({ revision: 1, gtypeCount: 1 });
    expect(await storage.getGType('a')).toBeUndefined();
    await expect(ended).rejects.toMatchObject({ code: expect.stringMatching(/COMPACTED|REPLACED/) });
  });

  test('a snapshot that is restored under a storage is noticed, though others have committed as much since', async () => {
    const prefix = newPrefix();
    const storage = open(prefix, { log: silent });
    await storage.commit([put('a')]);
    const saved = await withClient(endpoints, prefix, (client, { all }) => client.range(all));
    await storage.commit([put('lost')]);
    const watch = storage.watch({ after: 2 });
    const told = watch.next();
    expect(await storage.getGType('lost')).toBeDefined();
    await dropPrefix(endpoints, prefix);
    await withClient(endpoints, prefix, (client) =>
      client.txn({ success: saved.kvs.map(({ key, value }) => ({ op: 'put', key, value })) }),
    );
    const other = open(prefix);
    for (const ref of ['b', 'c']) await other.commit([put(ref)]);
    await expect(told).rejects.toMatchObject({ code: expect.stringMatching(/COMPACTED|REPLACED/) });
    expect(await storage.getGType('lost')).toBeUndefined();
    expect(await storage.stats()).toMatchObject({ revision: 3, gtypeCount: 3 });
    await storage.commit([put('d')]);
    expect((await other.getGType('d'))?.ref).toBe('d');
  });

  test('a storage keeps no process alive, though it watches', { timeout: 120_000 }, async () => {
    const script = fileURLToPath(new URL('./support/children/watches.mjs', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [script, endpoints, newPrefix()]);
    expect(stdout).toBe('watches\n');
  });

  test('the prefix of a store says which cluster it is in, also where there is none yet', async () => {
    const prefix = newPrefix();
    const before = await inspectPrefix({ endpoints, prefix });
    expect(before).toMatchObject({
      prefix,
      format: 0,
      knownFormat: 1,
      cluster: expect.stringMatching(/^[0-9a-f]+$/),
    });
    await open(prefix).open();
    expect(await inspectPrefix({ endpoints, prefix })).toEqual({ ...before, format: 1 });
  });
});

async function eventsOf(storage: Storage, count: number): Promise<{ changes: readonly unknown[] }[]> {
  const events: { changes: readonly unknown[] }[] = [];
  for await (const event of storage.watch({ after: 0 })) {
    events.push(event);
    if (events.length === count) break;
  }
  return events;
}
