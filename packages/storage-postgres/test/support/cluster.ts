import { spawnSync } from 'node:child_process';
import { chownSync, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { startPostgres } from '../../../../test/support/postgres-server.mjs';
import { runSql } from './schemas.js';

export type Server = Awaited<ReturnType<typeof startPostgres>>;

const HBA = `
host all all 127.0.0.1/32 scram-sha-256
host replication all 127.0.0.1/32 scram-sha-256
`;

/** A primary, and a standby that streams from it. */
export class Cluster {
  readonly primary: Server;
  readonly standby: Server;

  private constructor(primary: Server, standby: Server) {
    this.primary = primary;
    this.standby = standby;
  }

  static async start(): Promise<Cluster> {
    const primary = await startPostgres({ hba: HBA });
    try {
      await primary.stop();
      const folder = copyOf(primary.folder);
      await primary.start();
      return new Cluster(primary, await startStandby(folder, primary.port));
    } catch (error) {
      await primary.destroy();
      throw error;
    }
  }

  /** Both servers, as the options of a storage name them. */
  get hosts(): string[] {
    return [this.primary, this.standby].map(({ port }) => `127.0.0.1:${port}`);
  }

  /** From here on, a commit is acknowledged only when the standby has it. */
  async makeSynchronous(): Promise<void> {
    await runSql(this.primary.url, "ALTER SYSTEM SET synchronous_standby_names = '*'");
    await runSql(this.primary.url, 'SELECT pg_reload_conf()');
    await expect.poll(() => this.#ask('SELECT sync_state FROM pg_stat_replication')).toBe('sync');
  }

  /** Resolves when the standby shows everything that the primary has committed. */
  async settle(): Promise<void> {
    const query = 'SELECT replay_lsn >= pg_current_wal_lsn() FROM pg_stat_replication';
    await expect.poll(() => this.#ask(query)).toBe(true);
  }

  async promote(): Promise<void> {
    await runSql(this.standby.url, 'SELECT pg_promote()');
  }

  async destroy(): Promise<void> {
    await Promise.all([this.primary.destroy(), this.standby.destroy()]);
  }

  async #ask(query: string): Promise<unknown> {
    const { rows } = await runSql(this.primary.url, query);
    return Object.values(rows[0] ?? {})[0];
  }
}

/** The data of a stopped server, for a second one. */
function copyOf(folder: string): string {
  const { uid, gid } = statSync(folder);
  const parent = mkdtempSync(join(tmpdir(), 'gati-standby-'));
  chownSync(parent, uid, gid);
  const copy = join(parent, 'data');
  const { status, stderr } = spawnSync('cp', ['-a', folder, copy], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`cp failed: ${stderr}`);
  const signal = join(copy, 'standby.signal');
  writeFileSync(signal, '');
  chownSync(signal, uid, gid);
  return copy;
}

function startStandby(folder: string, port: number): Promise<Server> {
  const settings = {
    primary_conninfo: `host=127.0.0.1 port=${port} user=gati password=secret`,
    wal_retrieve_retry_interval: '100ms',
  };
  return startPostgres({ folder, settings });
}
