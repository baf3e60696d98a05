import { describe, expect, test, vi } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { historyOf, open, putsOf, startServer, watchRejections } from './support/faults.js';
import { runSql } from './support/schemas.js';

const put = (description: string) => ({ put: 'gtype', value: gtype('x', description) }) as const;

describe('a synchronous standby that never answers', () => {
  async function unreplicated(options: object, prepare: string) {
    watchRejections();
    const server = await startServer();
    await runSql(server.url, prepare);
    const storage = open({ connectionString: server.url, ...options });
    await storage.commit([put('first')]);
    await runSql(server.url, "ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
    await runSql(server.url, 'SELECT pg_reload_conf()');
    const waiting = async (): Promise<number[]> => {
      const text = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
      return (await runSql(server.url, text)).rows.map(({ pid }) => pid);
    };
    // The server takes its time to heed the setting: from when a commit waits, all do.
    for (let isHeeded = false; !isHeeded; ) {
      let isDone = false;
      const probe = runSql(
        server.url,
        "SET synchronous_commit = on; SELECT pg_logical_emit_message(true, 'probe', '')",
      ).then(() => {
        isDone = true;
      });
      while (!isDone && !isHeeded) {
        const [pid] = await waiting();
        isHeeded = pid !== undefined;
        if (isHeeded) await runSql(server.url, `SELECT pg_cancel_backend(${pid})`);
      }
      await probe;
    }
    const cancel = async (how: string): Promise<void> => {
      let found: readonly unknown[] = [];
      await vi.waitFor(async () => {
        found = await waiting();
        expect(found).toHaveLength(1);
      }, 30_000);
      await runSql(server.url, `SELECT ${how}(${found[0]})`);
    };
    const reset = async (): Promise<void> => {
      // Not ALTER SYSTEM on a database where commits wait: that itself commits nothing, and does not.
      await runSql(server.url, 'ALTER SYSTEM RESET synchronous_standby_names');
      await runSql(server.url, 'SELECT pg_reload_conf()');
    };
    return { server, storage, cancel, reset };
  }

  const settings = ['synchronous_commit = on', 'client_min_messages = error', 'synchronous_commit = off'];
  const ends = ['pg_cancel_backend', 'pg_terminate_backend'];

  test.each(ends.flatMap((how) => settings.map((setting) => [how, setting] as const)))(
    'whose wait is ended by %s: the commit is not acknowledged before the standby has it (the role sets %s)',
    async (how, setting) => {
      const { server, storage, cancel, reset } = await unreplicated(
        { retryTimeout: 20_000 },
        `ALTER ROLE gati SET ${setting}`,
      );
      let outcome: unknown = 'pending';
      const commit = storage.commit([put('second')]).then(
        (revision) => {
          outcome = revision;
        },
        (error) => {
          outcome = error.code;
        },
      );
      await cancel(how); // the attempt
      await cancel(how); // the question what became of it
      // It is sent again, or asked about: either way nothing replicates it.
      const deadline = performance.now() + 2_000;
      while (outcome === 'pending' && performance.now() < deadline) await runSql(server.url, 'SELECT 1');
      expect(['pending', 'STORAGE_IN_DOUBT']).toContain(outcome);
      await reset();
      await commit;
      expect([2, 'STORAGE_IN_DOUBT']).toContain(outcome);
      expect(putsOf(await historyOf({ connectionString: server.url }))).toEqual(['first', 'second']);
    },
  );

  test('does not keep stores of other schemas waiting', async () => {
    const role =
      "CREATE ROLE other SUPERUSER LOGIN PASSWORD 'pw'; ALTER ROLE other SET synchronous_commit = local";
    const { server, storage, reset } = await unreplicated({ retryTimeout: 20_000 }, role);
    const connectionString = server.urlOf('postgres', 'other', 'pw');
    const other = open({ connectionString, schema: 'other', lockTimeout: 2_000, retryTimeout: 1_000 });
    await other.open();
    const waiting = storage.commit([put('second')]);
    const text = "SELECT count(*)::integer AS count FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
    await expect.poll(async () => (await runSql(server.url, text)).rows[0].count).toBe(1);
    expect(await other.commit([put('of another store')])).toBe(1);
    await reset();
    expect(await waiting).toBe(2);
  });
});
