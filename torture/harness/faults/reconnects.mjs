// What makes clients of a server connect anew, and costs them nothing else; and what the server holds for them. Some come
// another way, and keep their connections: what those leave behind stays to be counted.
import { runSql } from '../../../test/support/run-sql.mjs';
import { BACKENDS } from '../backends.mjs';
import { cutOff } from './etcd.mjs';
import { endSessions } from './postgres.mjs';

const CONNECTIONS = `
  SELECT count(*)::int AS connections FROM pg_stat_activity
  WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`;

const SPARED = 'spared';

const SERVERS = {
  postgres: {
    sparedPlace: (_, place) => `${place}&application_name=${SPARED}`,
    reconnect: (server) => endSessions(server.url, 'pg_terminate_backend', SPARED),
    measure: async (server) => (await runSql(server.url, CONNECTIONS)).rows[0],
  },
  etcd: {
    sparedPlace: ({ members }, place) =>
      `etcd://${members.map(({ port }) => `127.0.0.1:${port}`)}${place.slice(place.lastIndexOf('/'))}`,
    /** With what its operators do from time to time, as it forgets nothing by itself. */
    reconnect: async (cluster) => {
      await cutOff(cluster);
      await cluster.tidyUp();
    },
    measure: async (cluster, place) => {
      const prefix = `${place.slice(place.lastIndexOf('/') + 1)}/`;
      const { count } = await cluster.ctl.ask('get', '--prefix', prefix, '--keys-only');
      const [{ Status: status }] = await cluster.ctl.ask('endpoint', 'status');
      return { keys: count, 'bytes of the server': status.dbSizeInUse };
    },
  },
};

/** The same store, for those whose connections are never ended. @param {string} place Of the store. */
export function sparedPlace(backend, server, place) {
  return SERVERS[BACKENDS[backend].server]?.sparedPlace(server, place) ?? place;
}

/** Ends every other connection to the server of a backend; nothing where it has none. */
export async function reconnect(backend, server) {
  await SERVERS[BACKENDS[backend].server]?.reconnect(server);
}

/** @param {string} place Of the store. @returns {Promise<Record<string, number>>} */
export async function measureServer(backend, server, place) {
  return (await SERVERS[BACKENDS[backend].server]?.measure(server, place)) ?? {};
}
