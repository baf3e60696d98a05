import { BACKENDS } from '../harness/backends.mjs';
import { stopWhile } from '../harness/faults/processes.mjs';
import { TcpProxy } from '../harness/faults/tcp-proxy.mjs';
import { demand } from '../harness/outcomes.mjs';
import { storeFor } from '../harness/stores.mjs';
import { Trial } from '../harness/trial.mjs';

/** One that writes now and then, so that nobody else learns anything but by being told of it, */
const WRITER = { lanes: 1, operations: 0, weights: { store: 6, batch: 3, delete: 1 }, pause: 20 };
/** and those that do nothing but read, mostly from memory. */
const READER = { lanes: 2, operations: 0, weights: { read: 20, list: 10 }, pause: 3 };
/** Milliseconds that a message takes at most, where connections overtake each other. */
const LATEST = 40;
/** Of the writer before one is stopped, while it is, and afterwards. */
const WRITES = 20;
/** That each reader has had before one is stopped: it holds everything in memory then. */
const READS = 50;

export default {
  name: 'pauses',
  proves:
    'A process that is stopped for longer than what it holds in memory may be used reads nothing older than documented when it goes ' +
    'on; nor does one that does nothing but read while others write, also where what it asked for comes after the news that it has changed.',
  backends: Object.keys(BACKENDS).filter((name) => BACKENDS[name].isShared),
  forms: { short: { rounds: 1 }, long: { rounds: 300 } },
  run,
};

async function run({ backend, seed, folder, form: { rounds }, print, launch }) {
  const { place, server } = await storeFor(backend, folder);
  const trial = new Trial({ backend, place, folder, seed, launch });
  const proxy = backend === 'postgres' ? await TcpProxy.to(server.port) : undefined;
  proxy?.delay(() => trial.random.below(LATEST));
  const far = proxy === undefined ? [] : [{ ...READER, place: proxy.wayTo(place) }];
  const clients = [WRITER, READER, READER, ...far];
  let reads = 0;
  try {
    for (let round = 0; round < rounds; round++) {
      reads += await oneRound(trial, backend, clients);
      if ((round + 1) % 20 === 0) print(`${round + 1} pauses, ${reads} reads, none too old`);
    }
  } finally {
    await proxy?.close();
  }
  trial.close();
  return { pauses: rounds, reads, commits: trial.totals.commits };
}

async function oneRound(trial, backend, clients) {
  const [, ...readers] = await trial.round({ clients, fault: (running) => stopOne(backend, running) });
  const reads = readers.reduce((sum, { answers }) => sum + answers, 0);
  demand(reads, readers.length * READS, 'reads in a round');
  return reads;
}

/** Who writes goes on until the end: whoever is stopped when nothing is written any more could show nothing old. */
async function stopOne(backend, [writer, ...readers]) {
  await Promise.all([writer.answered(WRITES), ...readers.map((reader) => reader.answered(READS))]);
  await stopWhile(readers[0], [writer], WRITES, BACKENDS[backend].bound);
  await writer.answered(writer.answers + WRITES);
  for (const { child } of [writer, ...readers]) child.tell();
}
