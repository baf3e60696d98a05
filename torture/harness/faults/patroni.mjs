// How Patroni makes a standby the primary under load, and what becomes of the former one.
import { setTimeout as pause } from 'node:timers/promises';
import { BACKENDS } from '../backends.mjs';
import { now } from '../child/report.mjs';
import { AHEAD, goAhead } from './failover.mjs';

/** What takes a primary away. Each resolves with what brings its machine back. */
const INJURIES = {
  'the machine crashes': async (_, primary) => {
    await primary.kill();
    return () => primary.start();
  },
  'the server crashes': async (_, primary) => {
    primary.killPostgres();
    return () => {};
  },
  'the machine hangs': async (_, primary) => {
    primary.freeze();
    return () => primary.thaw();
  },
};

/**
 * @typedef {object} Takeover
 * @property {boolean} isSynchronous Whether what is acknowledged is on the standby that takes over.
 * @property {(cluster: PatroniCluster, primary: PatroniNode) => Promise<() => void>} injure
 *
 * @typedef {import('../patroni/cluster.mjs').PatroniCluster} PatroniCluster
 * @typedef {import('../patroni/node.mjs').PatroniNode} PatroniNode
 */

/** @type {Readonly<Record<string, Takeover>>} */
export const TAKEOVERS = {
  ...takeovers(INJURIES, '', true),
  'Patroni switches over': {
    isSynchronous: true,
    injure: async (cluster, primary) => {
      await cluster.switchOver(primary);
      return () => {};
    },
  },
  // A switchover would wait for the standbys.
  ...takeovers(INJURIES, ', with more than the standbys had', false),
};

function takeovers(injuries, suffix, isSynchronous) {
  return Object.fromEntries(
    Object.entries(injuries).map(([name, injure]) => [`${name}${suffix}`, { isSynchronous, injure }]),
  );
}

/**
 * From clients that write at the primary to clients that write at another one, with the former as its standby.
 *
 * @param {PatroniCluster} cluster
 * @param {readonly import('../client.mjs').Client[]} clients
 * @param {Takeover} takeover
 * @returns {Promise<{ promoted: number, found: number, resumed: number }>} When the primary was gone, and no other one there; when
 *   one was seen to answer; how many milliseconds later all clients had written again.
 */
export async function takeOver(cluster, clients, { isSynchronous, injure }) {
  await cluster.makeSynchronous(isSynchronous);
  const primary = await cluster.whole();
  await goOn(clients);
  if (!isSynchronous) {
    await primary.holdReplication();
    await goAhead(clients);
  }
  const mend = await injure(cluster, primary);
  // What clients hold in memory may be used for as long.
  await pause(BACKENDS.postgres.bound);
  const promoted = now();
  await cluster.successorOf(primary);
  const found = now();
  await Promise.all(clients.map((client) => client.wroteSince(found)));
  const resumed = now() - found;
  await goOn(clients);
  mend();
  await cluster.whole();
  await goOn(clients);
  return { promoted, found, resumed };
}

function goOn(clients) {
  return Promise.all(clients.map((client) => client.answered(client.answers + AHEAD)));
}
