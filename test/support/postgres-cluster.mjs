import { chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { copyData, PASSWORD, startPostgres, USER } from './postgres-server.mjs';
import { runSql } from './run-sql.mjs';

const HBA = `
host all all 127.0.0.1/32 scram-sha-256
host replication all 127.0.0.1/32 scram-sha-256
`;

/** @typedef {Awaited<ReturnType<typeof startPostgres>>} Server */

/** A primary, and a standby that streams from it. */
export class PostgresCluster {
  primary;
  standby;

  /** @param {Server} primary @param {Server} standby */
  constructor(primary, standby) {
    this.primary = primary;
    this.standby = standby;
  }

  static async start() {
    const primary = await startPostgres({ hba: HBA });
    try {
      await primary.stop();
      const folder = join(newParentFor(primary.folder), 'data');
      copyForStandby(primary.folder, folder);
      await primary.start();
      const standby = await startPostgres({ folder, settings: following(primary) });
      return new PostgresCluster(primary, standby);
    } catch (error) {
      await primary.destroy();
      throw error;
    }
  }

  /** Both servers, as the options of a storage name them. @returns {string[]} */
  get hosts() {
    return [this.primary, this.standby].map(({ port }) => `127.0.0.1:${port}`);
  }

  /** Both servers, as a connection string names them. */
  get url() {
    return `postgres://${USER}:${PASSWORD}@${this.hosts}/postgres`;
  }

  /** From here on, a commit is acknowledged only when the standby has it. */
  async makeSynchronous() {
    await setStandbyNames(this.primary, "= '*'");
    await until(this.primary, "sync_state = 'sync'");
  }

  /** Resolves when the standby shows everything that the primary has committed up to now. */
  async settle() {
    const { rows } = await runSql(this.primary.url, 'SELECT pg_current_wal_lsn() AS lsn');
    await until(this.primary, `replay_lsn >= '${rows[0].lsn}'`);
  }

  async promote() {
    await runSql(this.standby.url, 'SELECT pg_promote()');
  }

  /** The former primary waits for no standby any more, and takes writes as if nothing had happened. */
  async makeZombie() {
    await setStandbyNames(this.primary, "= ''");
  }

  /** After a promotion: the former primary becomes the standby of the new one, and has of its own history nothing left. */
  async rejoin() {
    const { primary: former, standby: primary } = this;
    await former.stop('SIGQUIT');
    await primary.stop();
    rmSync(former.folder, { recursive: true });
    copyForStandby(primary.folder, former.folder);
    await primary.start();
    await former.start(following(primary));
    this.primary = primary;
    this.standby = former;
  }

  async destroy() {
    await Promise.all([this.primary.destroy(), this.standby.destroy()]);
  }
}

async function setStandbyNames({ url }, names) {
  await runSql(url, `ALTER SYSTEM SET synchronous_standby_names ${names}`);
  await runSql(url, 'SELECT pg_reload_conf()');
}

/** Until it is so of the standby, as its primary sees it. */
async function until({ url }, condition) {
  const text = `SELECT FROM pg_stat_replication WHERE ${condition}`;
  while ((await runSql(url, text)).rowCount === 0) await pause(20);
}

function following({ port }) {
  return {
    primary_conninfo: `host=127.0.0.1 port=${port} user=${USER} password=${PASSWORD}`,
    wal_retrieve_retry_interval: '100ms',
  };
}

/** A folder of whom the other one is. */
function newParentFor(folder) {
  const { uid, gid } = statSync(folder);
  const parent = mkdtempSync(join(tmpdir(), 'gati-standby-'));
  chownSync(parent, uid, gid);
  return parent;
}

/** The data of a stopped server, for one that is to stream from it. */
function copyForStandby(folder, copy) {
  const { uid, gid } = statSync(folder);
  copyData(folder, copy);
  const signal = join(copy, 'standby.signal');
  writeFileSync(signal, '');
  chownSync(signal, uid, gid);
}
