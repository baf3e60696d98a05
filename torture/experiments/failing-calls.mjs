import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { EtcdCluster } from '../../test/support/etcd/cluster.mjs';
import { BACKENDS, FAILURES, patiently } from '../harness/backends.mjs';
import { TcpProxy } from '../harness/faults/tcp-proxy.mjs';
import { demand, isAnswer, Violation } from '../harness/outcomes.mjs';
import { placeOn, withServer } from '../harness/servers.mjs';
import { storeFor } from '../harness/stores.mjs';
import { Trial } from '../harness/trial.mjs';

/** Enough to open a store, make it, write and read it, and close it. */
const OPERATIONS = 16;
const MOSTLY_WRITES = {
  store: 10,
  batch: 8,
  delete: 2,
  clear: 1,
  compareAndSet: 2,
  get: 2,
  read: 2,
  entries: 1,
};
const PLAIN = { rounds: 1, weights: MOSTLY_WRITES };
/** Where what is too large for one request, and what is forgotten, take requests of their own: the second process forgets. */
const STAGED = { rounds: 2, weights: { ...MOSTLY_WRITES, large: 8 }, history: { changes: 80 } };

const OF_STATEMENTS = [
  { what: 'error after', code: 'SQLITE_IOERR_FSYNC' },
  { what: 'error', code: 'SQLITE_IOERR_WRITE' },
  { what: 'error', code: 'SQLITE_FULL' },
];
const FAULTS = {
  'better-sqlite3': OF_STATEMENTS,
  'node-sqlite': OF_STATEMENTS,
  sqljs: [{ what: 'error', code: 'ENOSPC' }, { what: 'error after', code: 'EIO' }, { what: 'death' }],
  postgres: [{ what: 'answer' }, { what: 'request' }],
  etcd: [{ what: 'error' }, { what: 'error after' }, { what: 'death' }],
};

export default {
  name: 'failing-calls',
  proves:
    'Whichever statement, request or call of the file system fails, before or after it was done, or is the last of its process: ' +
    'what was acknowledged is there, what was refused is not, and the next calls succeed.',
  backends: Object.keys(FAULTS),
  forms: { short: { calls: 3 }, long: { calls: 10_000 } },
  run,
};

async function run({ backend, seed, folder, form: { calls, lanes = 1 }, print, launch }) {
  const start = backend === 'postgres' ? startBehindProxy : startInterfered;
  const setting = { backend, seed, folder, launch, lanes };
  const none = { call: Number.MAX_SAFE_INTEGER, what: 'error' };
  const { calls: total } = await withOwn(backend, (server) => start({ ...setting, server }, none));
  demand(total, 30, 'calls');
  const figures = { calls: total, failed: 0 };
  for (const fault of FAULTS[backend]) {
    await withOwn(backend, async (server) => {
      for (const call of chosen(total, calls, seed + FAULTS[backend].indexOf(fault))) {
        const { reached } = await start({ ...setting, server }, { ...fault, call });
        if (reached) figures.failed += 1;
      }
    });
    print(`${figures.failed} of ${total} calls failed: ${JSON.stringify(fault)}`);
  }
  // Which call is the k-th differs a little from run to run, so the last of them may not come.
  demand(
    figures.failed,
    Math.floor(0.8 * FAULTS[backend].length * Math.min(calls, total)),
    'calls that failed',
  );
  return figures;
}

/** With an etcd of one member, which is gone afterwards: what it was sent it keeps in memory. */
function withOwn(backend, work) {
  return backend === 'etcd' ? withServer(() => EtcdCluster.start(), work) : work();
}

/** All of them, or some that are spread over all. */
function chosen(total, count, seed) {
  if (count >= total) return Array.from({ length: total }, (_, i) => i);
  const part = total / count;
  return Array.from({ length: count }, (_, i) => Math.floor((i + ((seed * 0.618) % 1)) * part));
}

/** In a store of its own. */
async function startInterfered({ backend, server, seed, folder, launch, lanes }, fault) {
  const own = join(folder, `${fault.call}-${fault.what}-${fault.code}`);
  mkdirSync(own);
  const of = BACKENDS[backend].kind === 'file' && !BACKENDS[backend].isShared ? 'files' : backend;
  const interference = { name: 'failing-calls', of, folder: own, ...fault };
  const { place } = server === undefined ? await storeFor(backend, own) : { place: placeOn(server, backend) };
  const { rounds, weights, history } = backend === 'etcd' ? STAGED : PLAIN;
  const options = { ...patiently(backend), ...(history && { history }) };
  const trial = new Trial({ backend, place, folder: own, seed, options, refusals: FAILURES, launch });
  const clients = [];
  for (let i = 0; i < rounds; i++)
    clients.push(await roundOf(trial, fault, { lanes, interference, weights }));
  trial.close();
  return {
    calls: Math.max(...clients.map(({ calls }) => calls)),
    reached: clients.some(({ reached }) => reached.length > 0),
  };
}

/** The requests are lost on their way, so the server knows nothing of it. */
async function startBehindProxy({ backend, seed, folder, launch, lanes }, { call, what }) {
  const { place, server } = await storeFor(backend, folder);
  const proxy = await TcpProxy.to(server.port);
  let count = 0;
  let isReached = false;
  proxy.loses = () => {
    if (count++ !== call) return undefined;
    isReached = true;
    return what;
  };
  try {
    const trial = new Trial({ backend, place, folder, seed, launch });
    await roundOf(trial, { call, what }, { lanes, weights: MOSTLY_WRITES }, proxy.wayTo(place));
    trial.close();
  } finally {
    await proxy.close();
  }
  return { calls: count, reached: isReached };
}

async function roundOf(trial, fault, settings, place) {
  const clients = [{ operations: OPERATIONS, ...settings }];
  const [client] = await trial.round({ clients, place });
  const failed = client.operations.filter(({ error }) => !isAnswer(error));
  // Those that were under way together, and none that came afterwards.
  if (failed.length > settings.lanes)
    throw new Violation(
      `${JSON.stringify(fault)} failed ${failed.length} operations: ${JSON.stringify(failed.at(-1))}`,
    );
  return client;
}
