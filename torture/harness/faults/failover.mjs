// How a standby takes the place of a primary under load, and what a former primary is like that knows nothing of it.
import { setTimeout as pause } from 'node:timers/promises';
import { createPostgresStorage } from '@gati-framework/storage-postgres';
import pg from 'pg';
import { runSql } from '../../../test/support/run-sql.mjs';
import { BACKENDS } from '../backends.mjs';
import { now } from '../child/report.mjs';

/** Waits for the standby that are cancelled. */
const CANCELLED = 4;
/** What a client is answered between two steps, and while the standby misses it. */
export const AHEAD = 20;
/** Connections that each client makes to the former primary while there is no other. */
const MEETINGS = 2;

/**
 * @typedef {object} Takeover
 * @property {boolean} isSynchronous Whether what is acknowledged is on the standby.
 * @property {(cluster: Cluster, clients: readonly Client[]) => Promise<() => Promise<void>>} begin The primary is gone for its
 * clients, and the standby can be promoted; resolves with what lets the former one go on as if nothing had happened.
 *
 * @typedef {import('../../../test/support/postgres-cluster.mjs').PostgresCluster} Cluster
 * @typedef {import('../client.mjs').Client} Client
 */

/** @type {Readonly<Record<string, Takeover>>} */
export const TAKEOVERS = {
  'killed while commits waited for the standby': {
    isSynchronous: true,
    begin: (cluster) => killed(cluster, () => cancelWaits(cluster.primary)),
  },
  hung: {
    isSynchronous: true,
    begin: async ({ primary }) => {
      primary.pause();
      return async () => primary.resume();
    },
  },
  'killed, with more than the standby had': {
    isSynchronous: false,
    begin: (cluster, clients) => killed(cluster, () => goAhead(clients)),
  },
};

async function killed({ primary, standby }, whileAlone) {
  await standby.kill();
  await whileAlone();
  await primary.kill();
  await standby.start();
  return () => primary.start();
}

/** The server then says that they were made, which no standby has. */
async function cancelWaits({ url }) {
  const cancel = `SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'`;
  for (let cancelled = 0; cancelled < CANCELLED; cancelled += (await runSql(url, cancel)).rowCount)
    await pause(20);
}

/** Until all of them know of commits that only the primary has. */
export async function goAhead(clients) {
  const begun = now();
  await Promise.all(clients.map((client) => client.wroteSince(begun)));
  await Promise.all(clients.map((client) => client.answered(client.answers + AHEAD)));
}

/**
 * From clients that write at the primary to clients that write at the other one, and were not led astray by the former.
 *
 * @param {Cluster} cluster
 * @param {readonly Client[]} clients
 * @param {Takeover} takeover
 * @param {{ schema: string, whenBack: () => Promise<unknown> }} options `whenBack` looks at the former primary, before somebody adds to it.
 * @returns {Promise<number>} When the former primary was gone, and the other one answered nobody yet.
 */
export async function failOver(cluster, clients, { isSynchronous, begin }, { schema, whenBack }) {
  await (isSynchronous ? cluster.makeSynchronous() : cluster.settle());
  await Promise.all(clients.map((client) => client.answered(client.answers + AHEAD)));
  const comeBack = await begin(cluster, clients);
  // What clients hold in memory may be used for as long.
  await pause(BACKENDS.postgres.bound);
  const gone = now();
  await cluster.promote();
  await Promise.all(clients.map((client) => client.wroteSince(gone)));
  await comeBack();
  await cluster.makeZombie();
  await whenBack();
  await commitTo(cluster.primary, schema);
  await meetOnly(cluster, clients);
  return gone;
}

/** It takes what it is given, so its history is another one from here on, if it was not before. */
async function commitTo({ url }, schema) {
  const storage = createPostgresStorage({ connectionString: url, schema, log: () => {} });
  try {
    await storage.storeGType({ ref: 'of the former primary', kind: 'object' });
  } finally {
    await storage.close();
  }
}

/** While the new primary is away, the former one is all that clients find; they wait. */
async function meetOnly({ primary: former, standby: primary }, clients) {
  const watching = new pg.Client({ connectionString: former.url });
  await watching.connect();
  const text = 'SELECT sessions::int FROM pg_stat_database WHERE datname = current_database()';
  const sessions = async () => (await watching.query(text)).rows[0].sessions;
  await primary.stop('SIGQUIT');
  const enough = (await sessions()) + clients.length * MEETINGS;
  while ((await sessions()) < enough) await pause(20);
  await watching.end();
  await primary.start();
  const back = now();
  await Promise.all(clients.map((client) => client.wroteSince(back)));
}
