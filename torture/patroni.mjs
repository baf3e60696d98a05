// `npm run torture:patroni`: takes the primary of a cluster away under load, again and again, and compares what is
// there, and what watchers were told, with what was acknowledged.
import { parseArgs } from 'node:util';
import { Random } from './harness/seeds.mjs';
import { PatroniCluster } from './patroni/cluster.mjs';
import { Crew } from './patroni/crew.mjs';
import { INJURIES } from './patroni/injuries.mjs';
import { readLog } from './patroni/ledger.mjs';

const { values: options } = parseArgs({
  options: {
    failovers: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
    asynchronous: { type: 'boolean', default: false },
    pause: { type: 'string', default: '0' },
    injury: { type: 'string', multiple: true, default: Object.keys(INJURIES) },
    help: { type: 'boolean', short: 'h' },
  },
});
if (options.help) {
  console.log(`npm run torture:patroni -- [--failovers 30] [--seed 1] [--asynchronous] [--pause 20] [--injury 'machine hung']

Starts three PostgreSQL servers under Patroni and an etcd of three members, all from Debian's packages, on the loopback
interface. Each failover is a crash of the machine or of the server, a switchover, or a machine that hangs. --pause is how long
a caller waits between two commits, in milliseconds.`);
  process.exit(0);
}

const mayLose = options.asynchronous;
const random = new Random(Number(options.seed));
const started = performance.now();
const resumptions = [];
let counts;
const cluster = await PatroniCluster.start({ synchronous: !mayLose });
const crew = new Crew({ url: cluster.url, mayLose, members: 4, pause: Number(options.pause) });
try {
  for (let round = 1; round <= Number(options.failovers); round += 1) await failOver(round);
  await crew.stop();
  const times = resumptions.sort((a, b) => a - b);
  const middle = times[Math.floor(times.length / 2)];
  console.log(
    `${options.failovers} failovers, seed ${options.seed}, ${mayLose ? 'asynchronous' : 'synchronous'}: ` +
      `${JSON.stringify(counts)}, ${crew.ledger.replacements} times a watcher was told of another history; writes of all ` +
      `resumed after ${middle} ms of a new primary in the middle, ${times.at(-1)} ms at most; ${seconds()} s in all`,
  );
} finally {
  crew.kill();
  await cluster.destroy();
}

async function failOver(round) {
  const name = random.pick(options.injury);
  const primary = await cluster.whole();
  await crew.progress(5 + random.below(40));
  if (mayLose) {
    await primary.holdReplication();
    await crew.progress(2);
  }
  const lost = performance.now();
  const mend = await INJURIES[name](cluster, primary);
  const { node, at } = await cluster.successorOf(primary);
  const resumption = Math.round((await crew.allAcknowledged()) - at);
  resumptions.push(resumption);
  await crew.progress(5 + random.below(40));
  await mend();
  await cluster.whole();
  await crew.rest();
  counts = await crew.check(await readLog(cluster.url));
  crew.goOn();
  console.log(
    `${round}: ${name}; ${node.name} after ${Math.round(at - lost)} ms, all write again ${resumption} ms later; ` +
      `${JSON.stringify(counts)} ${JSON.stringify(crew.ledger.failures)} ${seconds()} s`,
  );
}

function seconds() {
  return Math.round((performance.now() - started) / 1_000);
}
