// What happens to the server of a backend while clients use it.
import { BACKENDS } from '../backends.mjs';
import { etcdFaults } from './etcd.mjs';
import { postgresFaults } from './postgres.mjs';

const FAULTS = { etcd: etcdFaults, postgres: postgresFaults };

/**
 * By name.
 *
 * @returns {Record<string, (clients: readonly import('../client.mjs').Client[], random: import('../seeds.mjs').Random) => Promise<void>>}
 */
export function serverFaults(backend, server) {
  return FAULTS[BACKENDS[backend].server](server);
}
