// `npm run torture:postgres`: kills the server, its sessions and its clients
// under load, again and again, and compares what is left with what was
// acknowledged.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createPostgresStorage } from '@gati-framework/storage-postgres';
import pg from 'pg';
import { startPostgres } from '../test/support/postgres-server.mjs';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', short: 'h' },
  },
});
if (options.help) {
  console.log('npm run torture:postgres -- [--rounds 50] [--seed 1]');
  process.exit(0);
}
const WRITERS = 2;
const CALLERS = 8;
const random = generator(Number(options.seed));
const server = await startPostgres();
/** By id of the commit: what its writer heard, and `begun` until then. */
const fates = new Map();
const crashes = [];
const injuries = {
  'server killed': async () => {
    await server.kill();
    await pause(300);
    await server.start();
  },
  'server stopped at once': async () => {
    await server.stop('SIGQUIT');
    await server.start();
  },
  'server restarted': async () => {
    await server.stop('SIGINT');
    await server.start();
  },
  'sessions terminated': () => terminateSessions(),
  'server hung': async () => {
    server.pause();
    await pause(1_500);
    server.resume();
  },
  'writer killed': (writers) => {
    writers[0].kill('SIGKILL');
  },
};

try {
  const started = Date.now();
  for (let round = 1; round <= Number(options.rounds); round += 1) {
    const names = Object.keys(injuries);
    const name = names[Math.floor(random() * names.length)];
    await oneRound(round, injuries[name]);
    const { acknowledged, inDoubt, failed } = await verify();
    console.log(
      `${round}: ${name}; ${acknowledged} acknowledged, ${failed} failed, ${inDoubt} in doubt so far, none lost or twice`,
    );
  }
  console.log(`all in order after ${Math.round((Date.now() - started) / 1_000)} s, seed ${options.seed}`);
} finally {
  await server.destroy();
}

async function oneRound(round, injure) {
  const writers = Array.from({ length: WRITERS }, (_, i) => startWriter(`r${round}w${i}`));
  await pause(300 + random() * 700);
  await injure(writers);
  await pause(300);
  await Promise.all(writers.map(stopWriter));
}

function startWriter(name) {
  const script = fileURLToPath(new URL('./postgres-writer.mjs', import.meta.url));
  const writer = fork(script, [server.url, name, String(CALLERS)]);
  writer.on('message', ({ begun, acknowledged, revision, failed, code, crash }) => {
    if (begun !== undefined) fates.set(begun, { state: 'begun' });
    if (acknowledged !== undefined) fates.set(acknowledged, { state: 'acknowledged', revision });
    if (failed !== undefined)
      fates.set(failed, { state: code === 'STORAGE_IN_DOUBT' ? 'begun' : 'failed', code });
    if (crash !== undefined) crashes.push(crash);
  });
  return writer;
}

function stopWriter(writer) {
  if (writer.exitCode !== null || writer.signalCode !== null) return undefined;
  const ended = new Promise((resolve) => writer.once('exit', resolve));
  if (writer.connected) writer.send('stop');
  return ended;
}

/** Reads the whole log: every acknowledged commit is there once, at its revision, whole; no failed one is. */
async function verify() {
  const storage = createPostgresStorage({ connectionString: server.url, historyLimit: 10_000_000 });
  const { revision: last } = await storage.stats();
  const found = new Map();
  let previous = 0;
  for await (const { revision, changes } of storage.watch({ after: 0 })) {
    if (revision !== previous + 1) throw new Error(`revision ${revision} follows ${previous}`);
    previous = revision;
    const ids = new Set(changes.map(({ value }) => value.currentVersion ?? value.description));
    if (ids.size !== 1 || changes.length !== 2)
      throw new Error(`revision ${revision} is not one whole commit`);
    const [id] = ids;
    if (found.has(id)) throw new Error(`${id} was made twice: ${found.get(id)} and ${revision}`);
    found.set(id, revision);
    if (revision === last) break;
  }
  await storage.close();
  const counts = { acknowledged: 0, failed: 0, inDoubt: 0 };
  for (const [id, { state, revision, code }] of fates) {
    if (state === 'acknowledged' && found.get(id) !== revision)
      throw new Error(`${id} was acknowledged as ${revision} and is ${found.get(id) ?? 'lost'}`);
    if (state === 'failed' && found.has(id)) throw new Error(`${id} failed with ${code} and is there`);
    counts[state === 'begun' ? 'inDoubt' : state] += 1;
  }
  for (const id of found.keys()) if (!fates.has(id)) throw new Error(`${id} is there and nobody wrote it`);
  if (crashes.length > 0) throw new Error(`a writer had an unhandled rejection: ${crashes[0]}`);
  return counts;
}

async function terminateSessions() {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  for (let i = 0; i < 5; i += 1) {
    await client.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname IS NOT NULL',
    );
    await pause(50);
  }
  await client.end();
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** The same numbers from 0 to 1 for the same seed. */
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
