import { BACKENDS, FAILURES } from '../harness/backends.mjs';
import { now } from '../harness/child/report.mjs';
import { SmallDisk } from '../harness/faults/small-disk.mjs';
import { demand, Violation } from '../harness/outcomes.mjs';
import { roomFor } from '../harness/room.mjs';
import { withServer } from '../harness/servers.mjs';
import { Trial } from '../harness/trial.mjs';

const WEIGHTS = { store: 10, batch: 8, delete: 2, compareAndSet: 2, get: 3, read: 3, list: 1, entries: 1 };
const READS = { get: 3, read: 3, list: 1, entries: 1, stats: 1 };
/** Writes that are refused before there is room again. */
const REFUSED = 4;
/** Answers after which a shortage that nobody has met is none. */
const MOST_ANSWERS = 3_000;
/** Answers after there is room again. */
const AFTERWARDS = 40;
export default {
  name: 'no-room',
  proves:
    'A disk or a tablespace that is full, files that may not grow, the alarm of a quota, a file system that is mounted read-only: writes are refused ' +
    'as documented, and nothing of them is there; reads go on, and so do writes once there is room.',
  backends: Object.keys(BACKENDS).filter((name) => BACKENDS[name].kind !== 'memory'),
  forms: { short: { shortages: 2 }, long: { shortages: 100 } },
  isPossible: (backend) => BACKENDS[backend].server === 'etcd' || SmallDisk.isPossible(),
  run,
};

function run({ backend, folder, ...rest }) {
  return withServer(
    () => roomFor(backend, folder),
    (room) => runIn(room, { backend, folder, ...rest }),
  );
}

async function runIn(room, { backend, seed, folder, form: { shortages }, print, launch }) {
  const { place, disk } = room;
  const options = { history: { changes: room.kept } };
  const prefix = BACKENDS[backend].kind === 'file' ? disk.prefix : undefined;
  const refusals = [...FAILURES, 'STORAGE_READONLY'];
  const trial = new Trial({ backend, place, folder, seed, options, refusals, launch: { ...launch, prefix } });
  const figures = { shortages: 0, refused: 0, 'read meanwhile': 0, kinds: {} };
  const names = Object.keys(room.shortages);
  for (let round = 0; round < shortages; round++) {
    const name = names[round % names.length];
    if (prefix !== undefined && round % 2 === 1) await mountReadOnly(trial, disk, figures);
    await meet(trial, room.shortages[name], name, figures);
    figures.kinds[name] = (figures.kinds[name] ?? 0) + 1;
    print(`${round + 1} shortages, ${figures.refused} writes refused; last: ${name}`);
  }
  trial.close();
  demand(figures['read meanwhile'], Math.floor(shortages / 10), 'reads while there was no room');
  return { ...figures, commits: trial.totals.commits };
}

async function meet(trial, shortage, name, figures) {
  const { random } = trial;
  let begun;
  let ended;
  const [client] = await trial.round({
    clients: [{ lanes: 4, operations: 0, weights: WEIGHTS }],
    fault: async ([running]) => {
      await running.answered(5 + random.below(40));
      await shortage.begin(running, random);
      begun = now();
      await untilRefused(running, shortage.codes);
      await shortage.end(running);
      ended = now();
      await running.answered(running.answers + AFTERWARDS);
      running.child.tell();
    },
  });
  const { operations } = client;
  const meanwhile = operations.filter(({ from, to }) => from > begun && to < ended);
  demand(refusedOf(operations, shortage.codes), REFUSED, `writes that were refused as ${name}`);
  assertOnlyRefused(operations, shortage, ended);
  figures.shortages += 1;
  figures.refused += refusedOf(operations, shortage.codes);
  figures['read meanwhile'] += meanwhile.filter(
    ({ operation, error }) => !operation.changes && !error,
  ).length;
}

async function untilRefused(client, codes) {
  const from = client.answers;
  while (refusedOf(client.operations, codes) < REFUSED && !client.child.hasEnded) {
    if (client.answers - from > MOST_ANSWERS) return;
    await client.answered(client.answers + 4);
  }
}

function refusedOf(operations, codes) {
  return operations.filter(({ error }) => codes.has(error?.code)).length;
}

/** Only writes, only as documented, in words that say where, and none that was called when there was room again. */
function assertOnlyRefused(operations, { codes, names }, ended) {
  const wrong = operations.find(({ operation, error, from }) => {
    if (error === undefined || error.code === 'STORAGE_CONFLICT') return false;
    return (
      !codes.has(error.code) || !names.test(error.message) || operation.changes === undefined || from > ended
    );
  });
  if (wrong !== undefined)
    throw new Violation(
      `${from(wrong, ended)} ${JSON.stringify(wrong.operation)} failed: ${JSON.stringify(wrong.error)}`,
    );
}

function from({ from: called }, ended) {
  return called > ended ? 'with room again,' : 'without room,';
}

/** Nobody has it open meanwhile. What was read, and what is there, is compared in the next round. */
async function mountReadOnly(trial, disk, figures) {
  disk.remount('ro');
  try {
    const [writer] = await trial.round({
      clients: [{ lanes: 1, operations: 4, weights: WEIGHTS }],
      inspector: null,
    });
    const code = 'STORAGE_READONLY';
    demand(
      writer.operations.filter(({ error }) => error?.code === code).length,
      4,
      `calls that failed with ${code}`,
    );
    const reader = { lanes: 1, operations: 10, weights: READS, options: { readOnly: true } };
    const [{ operations }] = await trial.round({ clients: [reader], inspector: null });
    demand(
      operations.filter(({ error }) => error === undefined).length,
      10,
      'reads of what is mounted read-only',
    );
    figures.kinds['mounted read-only'] = (figures.kinds['mounted read-only'] ?? 0) + 1;
  } finally {
    disk.remount('rw');
  }
}
