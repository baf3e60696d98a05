// The servers that backends need: each is started when the first experiment asks for it, and ended at the end.
import { startPostgres } from '../../test/support/postgres-server.mjs';
import { BACKENDS } from './backends.mjs';

const STARTS = { postgres: () => startPostgres() };

/** @type {Map<string, Promise<Awaited<ReturnType<typeof startPostgres>>>>} */
const running = new Map();
let places = 0;

/** The server of a backend; `undefined` where it needs none. */
export function serverOf(backend) {
  const { server } = BACKENDS[backend];
  if (server === undefined) return undefined;
  if (!running.has(server)) running.set(server, STARTS[server]());
  return running.get(server);
}

/** A store on a server that nobody else uses, as a URL. @param {number} [port] Of something in between. */
export function placeOn(server, port = server.port) {
  places += 1;
  const url = new URL(server.url);
  url.port = String(port);
  url.searchParams.set('schema', `torture_${process.pid}_${places}`);
  return url.href;
}

export async function stopServers() {
  const servers = await Promise.all(running.values());
  running.clear();
  await Promise.all(servers.map((server) => server.destroy()));
}
