// Stores that have little room: on a small disk, in a small tablespace, under a quota.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { EtcdCluster } from '../../test/support/etcd/cluster.mjs';
import { startPostgres } from '../../test/support/postgres-server.mjs';
import { runSql } from '../../test/support/run-sql.mjs';
import { BACKENDS } from './backends.mjs';
import { fileShortages, quotaShortages, tablespaceShortages } from './faults/room.mjs';
import { SmallDisk } from './faults/small-disk.mjs';

/** For a store and all that a round adds. */
const KIB = 48 * 1024;
/** Bytes. A compacted history and a few megabytes of others. */
const QUOTA = 10 * 1024 * 1024;
/** PostgreSQL refuses to run as root, which it would be in the namespace of a disk. */
const AS_NOBODY = ['unshare', '--user', '--map-user=1000', '--map-group=1000'];

/**
 * @typedef {object} Room
 * @property {string} place Of a new store.
 * @property {number} kept Changes that a store there keeps: what a round adds, and not much more, as there is little room.
 * @property {Record<string, import('./faults/room.mjs').Shortage>} shortages
 * @property {SmallDisk} [disk]
 * @property {() => Promise<void>} destroy
 */

/** @param {string} folder Empty. @returns {Promise<Room>} */
export function roomFor(backend, folder) {
  return ROOMS[BACKENDS[backend].server ?? 'file'](folder);
}

const ROOMS = {
  file: async (folder) => {
    const { disk, own } = await smallDisk(folder);
    return {
      place: join(own, 'store.db'),
      kept: 3_000,
      shortages: fileShortages(disk),
      disk,
      destroy: () => disk.destroy(),
    };
  },
  postgres: async (folder) => {
    const { disk, own } = await smallDisk(folder);
    const server = await startPostgres({ within: [...disk.prefix, ...AS_NOBODY] });
    mkdirSync(disk.path('tablespace'), { mode: 0o777 });
    await runSql(server.url, `CREATE TABLESPACE small LOCATION '${join(own, 'tablespace')}'`);
    await runSql(server.url, 'ALTER ROLE CURRENT_USER SET default_tablespace = small');
    const destroy = async () => {
      await server.destroy();
      await disk.destroy();
    };
    return {
      place: `${server.url}?schema=no_room`,
      kept: 10_000, // it goes on in the pages that it has, for thousands of writes
      shortages: tablespaceShortages(disk),
      disk,
      destroy,
    };
  },
  etcd: async () => {
    const cluster = await EtcdCluster.start({ flags: [`--quota-backend-bytes=${QUOTA}`] });
    return {
      place: `etcd://${cluster.endpoints.join()}/no_room`,
      kept: 3_000,
      shortages: quotaShortages(cluster),
      destroy: () => cluster.destroy(),
    };
  },
};

async function smallDisk(folder) {
  const own = join(folder, 'disk');
  mkdirSync(own);
  return { disk: await SmallDisk.at(own, KIB), own };
}
