// The servers that backends need: each is started when the first experiment asks for it, and ended at the end.
import { EtcdCluster } from '../../test/support/etcd/cluster.mjs';
import { startPostgres } from '../../test/support/postgres-server.mjs';
import { BACKENDS } from './backends.mjs';

/**
 * @typedef {object} Kind
 * @property {() => Promise<object>} start With a method `destroy()`.
 * @property {(server: object, name: string) => string} place A store of that name on it, as a URL that ends with the name.
 */

/** @type {Readonly<Record<string, Kind>>} */
const KINDS = {
  postgres: {
    start: () => startPostgres(),
    place: ({ url }, name) => `${url}?schema=${name}`,
  },
  etcd: {
    start: () => EtcdCluster.start({ size: 3 }),
    place: ({ endpoints }, name) => `etcd://${endpoints.join()}/${name}`,
  },
};

/** By the name of their kind, or by what started them. @type {Map<unknown, Promise<object>>} */
const running = new Map();
let places = 0;
const ignore = () => {};

/** The server of a backend; `undefined` where it needs none. */
export function serverOf(backend) {
  const { server } = BACKENDS[backend];
  if (server === undefined) return undefined;
  if (!running.has(server)) running.set(server, KINDS[server].start());
  return running.get(server);
}

/**
 * With a server of its own, which is destroyed after it, or where it is interrupted.
 *
 * @template Server, Result
 * @param {() => Promise<Server>} start @param {(server: Server) => Promise<Result>} work
 * @returns {Promise<Result>}
 */
export async function withServer(start, work) {
  const starting = start();
  running.set(start, starting);
  try {
    return await work(await starting);
  } finally {
    const isOurs = running.delete(start);
    if (isOurs) await starting.then((server) => server.destroy(), ignore);
  }
}

/** A store on the server of a backend that nobody else uses, as a URL. */
export function placeOn(server, backend) {
  places += 1;
  return KINDS[BACKENDS[backend].server].place(server, `torture_${process.pid}_${places}`);
}

export async function stopServers() {
  const servers = await Promise.all(running.values());
  running.clear();
  await Promise.all(servers.map((server) => server.destroy()));
}
