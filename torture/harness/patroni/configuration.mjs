// What Patroni is told.
import { join } from 'node:path';
import { PASSWORD, USER } from './node.mjs';

const HBA = [
  'local all all trust',
  'host all all 127.0.0.1/32 scram-sha-256',
  'host replication all 127.0.0.1/32 scram-sha-256',
];

/** The shortest that Patroni's documentation allows, in seconds: how long a machine may be silent and still be the primary. */
const LEASE = 20;

export function configurationFor({ name, port, restPort, folder, etcd, bin }) {
  return {
    scope: 'gati',
    name,
    restapi: { listen: `127.0.0.1:${restPort}`, connect_address: `127.0.0.1:${restPort}` },
    // Not etcd3: with that, Patroni before 3.0.3 takes the lease of its successor away when a machine wakes that has hung.
    etcd: { hosts: etcd },
    bootstrap: {
      dcs: {
        ...{ ttl: LEASE, loop_wait: 2, retry_timeout: 4, maximum_lag_on_failover: 64 * 1024 * 1024 },
        // A crashed server is given up for another, and not started again.
        primary_start_timeout: 0,
        synchronous_mode: true,
        postgresql: {
          use_pg_rewind: true,
          use_slots: true,
          remove_data_directory_on_diverged_timelines: true,
        },
      },
      initdb: [{ encoding: 'UTF8' }, { locale: 'C' }, 'data-checksums'],
      pg_hba: HBA,
    },
    postgresql: {
      listen: `127.0.0.1:${port}`,
      connect_address: `127.0.0.1:${port}`,
      data_dir: join(folder, 'data'),
      bin_dir: bin,
      pgpass: join(folder, 'pgpass'),
      authentication: Object.fromEntries(
        ['superuser', 'replication', 'rewind'].map((role) => [
          role,
          { username: role === 'superuser' ? USER : role, password: PASSWORD },
        ]),
      ),
      parameters: {
        unix_socket_directories: folder,
        shared_buffers: '32MB',
        max_connections: 100,
        wal_retrieve_retry_interval: '500ms',
      },
    },
  };
}
