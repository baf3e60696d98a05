import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { etcdBinaries } from '../../../scripts/etcd.mjs';
import { freePort } from '../free-port.mjs';
import { Relay } from '../relay.mjs';
import { Etcdctl } from './etcdctl.mjs';
import { EtcdMember } from './member.mjs';

const MOST_ATTEMPTS = 10;
/** In milliseconds. */
const RETRY_DELAY = 500;
/** A change that an old leader was asked for is waited for in vain. */
const CHANGE_TIMEOUT = '--command-timeout=10s';

/**
 * Members of an etcd, each behind two relays: one that clients go through, and one that the other members go
 * through. Its data is in memory where this machine has a place for that, as its disk is not what is tested.
 */
export class EtcdCluster {
  #folder;
  #binaries;
  #options;
  /** @type {{ member: EtcdMember, clients: Relay, peers: Relay }[]} */
  #places = [];
  #replacements = 0;

  constructor(binaries, options) {
    this.#folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'gati-etcd-'));
    this.#binaries = binaries;
    this.#options = options;
  }

  /**
   * Resolves when every member serves.
   *
   * @param {{ size?: number, scheme?: 'http' | 'https', flags?: readonly string[], ctlFlags?: readonly string[],
   *   env?: NodeJS.ProcessEnv }} [options] `flags` are those of etcd, `ctlFlags` those of etcdctl.
   */
  static async start({ size = 1, ...options } = {}) {
    const binaries = etcdBinaries();
    if (binaries === undefined) throw new Error('There is no etcd: npm test gets it.');
    const cluster = new EtcdCluster(binaries, options);
    try {
      for (let i = 0; i < size; i += 1) cluster.#places.push(await cluster.#place(`m${i}`));
      for (const member of cluster.members) member.start({ peers: cluster.members });
      await cluster.ready();
      return cluster;
    } catch (error) {
      await cluster.destroy();
      throw error;
    }
  }

  get members() {
    return this.#places.map(({ member }) => member);
  }

  /** Addresses as `127.0.0.1:1234`, of the relays. */
  get endpoints() {
    return this.#places.map(({ clients }) => `127.0.0.1:${clients.port}`);
  }

  /** What clients go through to the member. */
  clientsOf(index) {
    return this.#at(index).clients;
  }

  /** Resolves when every member that runs serves. */
  async ready() {
    await Promise.all(this.members.filter(({ isRunning }) => isRunning).map((member) => member.ready()));
  }

  /** An operator, who reaches the members that run without the relays. */
  get ctl() {
    const running = this.members.filter(({ isRunning }) => isRunning);
    return this.#ctlOf(running);
  }

  /** Of one member alone. */
  ctlOf(index) {
    return this.#ctlOf([this.#at(index).member]);
  }

  /** Place of the member that leads, once one does that can be asked. */
  async leader() {
    for (;;) {
      for (const [index, { isRunning }] of this.members.entries()) {
        if (isRunning && (await this.#isLeader(index))) return index;
      }
    }
  }

  /** The leader lets another member lead, as before it is stopped for good. Resolves when that does. */
  handOver() {
    return again(async () => {
      const [ids, leader] = [await this.#ids(), await this.leader()];
      const next = this.members[(leader + 1) % this.members.length];
      await this.ctlOf(leader).run('move-leader', ids.get(next.name));
    });
  }

  /** From now on no packet goes between the member and the others; clients may reach it all the same. */
  async part(index) {
    const ids = await this.#ids();
    const { member, peers } = this.#at(index);
    peers.hush();
    for (const place of this.#places) if (place.member !== member) place.peers.hush(ids.get(member.name));
  }

  /** The network is whole again. */
  heal() {
    for (const { clients, peers } of this.#places) {
      clients.speak();
      peers.speak();
    }
  }

  /** The member is lost with its disk, and another one takes its place. Resolves when that serves. */
  async replace(index) {
    const lost = this.#at(index);
    const id = (await this.#ids()).get(lost.member.name);
    await lost.member.kill();
    lost.member.wipe();
    await this.#untilListed((members) => members.every((member) => member.id !== id), 'remove', id);
    this.#replacements += 1;
    const place = await this.#place(`r${this.#replacements}`);
    const { name, peerUrl } = place.member;
    const isThere = (members) => members.some((member) => member.peerUrl === peerUrl);
    await this.#untilListed(isThere, 'add', name, `--peer-urls=${peerUrl}`);
    await Promise.all([lost.peers.close(), place.clients.close()]);
    this.#places[index] = { ...place, clients: lost.clients };
    lost.clients.redirect(place.member.port);
    place.member.start({ peers: this.members, state: 'existing' });
    await place.member.ready();
  }

  /** As operators of an etcd do from time to time: clients that watch may be behind what is left of the past. */
  async tidyUp() {
    for (const [index] of this.members.entries()) {
      const [{ Status: status }] = await this.ctlOf(index).ask('endpoint', 'status');
      // Somebody may have compacted as far already.
      await this.ctl.run('compaction', String(status.header.revision)).catch(() => {});
      await this.ctlOf(index).run('defrag');
    }
  }

  /** All members start again with what was in the snapshot, as an operator restores it. Resolves when they serve. */
  async restore(snapshot) {
    const peers = this.members;
    await Promise.all(peers.map((member) => member.kill()));
    const all = peers.map(({ name, peerUrl }) => `${name}=${peerUrl}`).join();
    for (const member of peers) {
      member.wipe();
      await this.#ctlOf([]).run(
        ...['snapshot', 'restore', snapshot, `--name=${member.name}`, `--data-dir=${member.folder}`],
        ...[`--initial-cluster=${all}`, `--initial-advertise-peer-urls=${member.peerUrl}`],
      );
    }
    for (const member of peers) member.start({ peers });
    await this.ready();
  }

  async destroy() {
    this.heal();
    await Promise.all(this.members.map((member) => member.kill()));
    await Promise.all(this.#places.flatMap(({ clients, peers }) => [clients.close(), peers.close()]));
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #at(index) {
    const place = this.#places[index];
    if (place === undefined) throw new Error(`There is no member ${index}`);
    return place;
  }

  async #place(name) {
    const [port, peerPort] = [await freePort(), await freePort()];
    const [clients, peers] = [await Relay.to(port), await Relay.to(peerPort, senderOf)];
    const member = new EtcdMember({
      ...{ name, port, peerPort, peerUrl: `http://127.0.0.1:${peers.port}` },
      ...{ etcd: this.#binaries.etcd, folder: this.#folder, ...this.#options },
    });
    return { member, clients, peers };
  }

  #ctlOf(members) {
    const urls = members.map(({ url }) => url).join();
    return new Etcdctl(this.#binaries.etcdctl, [
      '--command-timeout=60s',
      ...(members.length > 0 ? [`--endpoints=${urls}`] : []),
      ...(this.#options.ctlFlags ?? []),
    ]);
  }

  /** By name, as members call themselves when they speak to each other. */
  async #ids() {
    return new Map((await this.#listed()).map(({ name, id }) => [name, id]));
  }

  async #listed() {
    const text = await again(() => this.ctl.with(CHANGE_TIMEOUT).run('member', 'list'));
    const lines = text.trim().split('\n');
    return lines.map((line) => line.split(', ')).map(([id, , name, peerUrl]) => ({ id, name, peerUrl }));
  }

  /**
   * Has the members changed. A request that fails on a busy machine may have been carried out, or be later: whether it was, the
   * list says, and it is made again only if it was not.
   */
  async #untilListed(isSo, ...change) {
    await again(async () => {
      if (isSo(await this.#listed())) return;
      await this.ctl.with(CHANGE_TIMEOUT).run('member', ...change);
    });
  }

  async #isLeader(index) {
    const line = await this.ctlOf(index)
      .with('--command-timeout=3s')
      .run('endpoint', 'status')
      .catch(() => '');
    return line.split(', ')[4] === 'true';
  }
}

/** What fails is tried again: while a leader is elected, an etcd refuses what concerns its members. */
async function again(work) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === MOST_ATTEMPTS) throw error;
      await pause(RETRY_DELAY);
    }
  }
}

/** Members say in each request who they are. */
function senderOf(chunk) {
  return /X-Server-From: ([0-9a-f]+)/i.exec(chunk.toString('latin1'))?.[1];
}
