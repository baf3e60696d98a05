// Three PostgreSQL servers under Patroni, which keeps its leases in an etcd.
import { chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { EtcdCluster } from '../../../test/support/etcd/cluster.mjs';
import { freePort } from '../../../test/support/free-port.mjs';
import { unprivilegedUser } from '../../../test/support/unprivileged-user.mjs';
import { configurationFor } from './configuration.mjs';
import { PASSWORD, PatroniNode, USER } from './node.mjs';
import { patroniPrograms } from './programs.mjs';

/** How long a cluster may take to be whole again, in milliseconds. */
const PATIENCE = 180_000;

export class PatroniCluster {
  #folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'gati-patroni-'));
  #isSynchronous = true;
  #etcd;
  /** @type {PatroniNode[]} */
  nodes = [];

  /** Resolves when there are a primary and two standbys, one of which has everything that is acknowledged. */
  static async start() {
    const cluster = new PatroniCluster();
    try {
      await cluster.#start();
      return cluster;
    } catch (error) {
      await cluster.destroy();
      throw error;
    }
  }

  async #start() {
    const owner = unprivilegedUser();
    if (owner.uid !== undefined) chownSync(this.#folder, owner.uid, owner.gid);
    const programs = await patroniPrograms(this.#folder, owner);
    this.#etcd = await EtcdCluster.start({ size: 3, flags: ['--enable-v2=true'] });
    const etcd = this.#etcd.endpoints.join();
    for (const name of ['p0', 'p1', 'p2']) {
      const own = {
        name,
        port: await freePort(),
        restPort: await freePort(),
        folder: join(this.#folder, name),
      };
      const { bin } = programs;
      const configuration = configurationFor({ ...own, etcd, bin });
      this.nodes.push(new PatroniNode({ ...own, programs, owner, configuration }));
    }
    for (const node of this.nodes) node.start();
    await this.whole();
  }

  /** The connection string of clients: all three, as nobody knows who will be the primary. */
  get url() {
    const hosts = this.nodes.map(({ port }) => `127.0.0.1:${port}`).join();
    return `postgres://${USER}:${PASSWORD}@${hosts}/postgres`;
  }

  /** Resolves with the primary when two standbys stream from it, in synchronous mode one of them as Patroni's choice. */
  async whole() {
    const states = this.#isSynchronous ? ['async', 'sync'] : ['async', 'async'];
    return this.#until('whole', async (node) => {
      const rows = await node.ask("SELECT sync_state FROM pg_stat_replication WHERE state = 'streaming'");
      const found = rows?.map(({ sync_state }) => sync_state).sort();
      return JSON.stringify(found) === JSON.stringify(states);
    });
  }

  /** Whether a standby is to have everything that is acknowledged, from when the cluster is whole again. */
  async makeSynchronous(isSynchronous) {
    const [node] = this.nodes;
    const response = await node.tell('PATCH', 'config', { synchronous_mode: isSynchronous });
    if (!response.ok) throw new Error(`Patroni does not take a mode: ${await response.text()}`);
    this.#isSynchronous = isSynchronous;
  }

  /** Resolves when another node than this one can be written to, as a plain client finds. */
  async successorOf(former) {
    const text = 'SELECT pg_is_in_recovery() AS standby';
    const isPrimary = async (node) => node !== former && (await node.ask(text))?.[0].standby === false;
    await this.#until('without a new primary', isPrimary);
  }

  /** Asks Patroni to make another one the primary, which one is its choice. */
  async switchOver(primary) {
    await this.#until('not to be switched over', async (node) => {
      if (node !== primary) return false;
      const response = await primary.tell('POST', 'switchover', { leader: primary.name });
      const said = await response.text();
      // It hears of standbys later than they do.
      if (response.status === 412) return false;
      // It may not have seen in time what came of it, which whoever waits for the successor will.
      if (!response.ok && !said.includes('status unknown'))
        throw new Error(`Patroni does not switch over: ${said}`);
      return true;
    });
  }

  async destroy() {
    await Promise.all(this.nodes.map((node) => node.kill()));
    await this.#etcd?.destroy();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** The first node of which `isTrue` holds. */
  async #until(what, isTrue) {
    const deadline = performance.now() + PATIENCE;
    while (performance.now() < deadline) {
      const answers = await Promise.all(
        this.nodes.map(async (node) => ((await isTrue(node)) ? node : undefined)),
      );
      const found = answers.find((node) => node !== undefined);
      if (found !== undefined) return found;
      await pause(50);
    }
    const said = this.nodes.map(({ name, output }) => `${name}:\n${output.slice(-3_000)}`).join('\n');
    throw new Error(
      `After ${PATIENCE / 1_000} s the cluster is still ${what === 'whole' ? 'not whole' : what}:\n${said}`,
    );
  }
}
