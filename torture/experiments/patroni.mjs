import { BACKENDS, REFUSALS } from '../harness/backends.mjs';
import { assertFork, demandFork } from '../harness/checker/fork.mjs';
import { TAKEOVERS, takeOver } from '../harness/faults/patroni.mjs';
import { Inspection } from '../harness/inspection.mjs';
import { WRITES } from '../harness/operations.mjs';
import { PatroniCluster } from '../harness/patroni/cluster.mjs';
import { hasPatroni } from '../harness/patroni/programs.mjs';
import { withServer } from '../harness/servers.mjs';
import { Trial } from '../harness/trial.mjs';

const CLIENT = {
  lanes: 4,
  operations: 0,
  watches: true,
  weights: { ...WRITES, read: 20, list: 6, get: 6 },
  pause: 50,
};
const CLIENTS = 4;
/** Of a takeover. */
const LEAST_ACKNOWLEDGED = 100;
/** Milliseconds. Patroni takes a while to bring a former primary back. */
const PATIENCE = 600_000;
/** Milliseconds, longer than the lease of a primary; and all of the past is looked at. */
const OPTIONS = { retryTimeout: 120_000, history: { changes: 10_000_000 } };

export default {
  name: 'patroni',
  proves:
    'Three PostgreSQL servers under Patroni, which keeps its lease in an etcd of three members: a primary that crashes, hangs or hands over is followed ' +
    'by another one and comes back as its standby, and what was acknowledged is there, once, and read and told as it was. Where the ' +
    'standbys lacked commits, everybody who knew of them is told that the history is another one.',
  backends: ['postgres'],
  forms: { short: { takeovers: 2 }, long: { takeovers: 70 } },
  isPossible: hasPatroni,
  run,
};

async function run({ backend, seed, folder, form: { takeovers }, print, launch = {}, reached = () => {} }) {
  const names = Object.keys(TAKEOVERS);
  const figures = {
    takeovers: 0,
    acknowledged: 0,
    'lost by standbys that lacked them': 0,
    'clients that knew of such': 0,
    'milliseconds until all wrote again': {},
    faults: {},
  };
  const times = [];
  await withServer(PatroniCluster.start, async (cluster) => {
    while (figures.takeovers < takeovers) {
      const name = names[(figures.takeovers + seed) % names.length];
      figures.takeovers += 1;
      const setting = {
        backend,
        place: `${cluster.url}?schema=takeover_${figures.takeovers}`,
        folder,
        seed: seed + figures.takeovers,
        launch: { ...launch, patience: PATIENCE },
      };
      const { acknowledged, lost, told, resumed } = await oneTakeover(cluster, TAKEOVERS[name], setting);
      times.push(resumed);
      figures.acknowledged += acknowledged;
      figures['lost by standbys that lacked them'] += lost;
      figures['clients that knew of such'] += told;
      figures['milliseconds until all wrote again'] = summaryOf(times);
      figures.faults[name] = (figures.faults[name] ?? 0) + 1;
      print(`${figures.takeovers} takeovers, ${figures.acknowledged} acknowledged; last: ${name}`);
      reached(figures, { takeovers: figures.takeovers });
    }
  });
  return figures;
}

async function oneTakeover(cluster, takeover, setting) {
  const { isSynchronous } = takeover;
  const trial = new Trial({ ...setting, options: OPTIONS });
  let times;
  const clients = await trial.round({
    clients: Array.from({ length: CLIENTS }, () => CLIENT),
    fault: async (running) => {
      times = await takeOver(cluster, running, takeover);
      for (const { child } of running) child.tell();
    },
    ...(!isSynchronous && { inspector: null }),
  });
  trial.close();
  const { acknowledged, lost, told } = isSynchronous
    ? { acknowledged: trial.totals.writes, lost: 0, told: 0 }
    : await forked(clients, times, setting);
  demandFork({ acknowledged, lost, told }, { isSynchronous, clients: CLIENTS, least: LEAST_ACKNOWLEDGED });
  return { acknowledged, lost, told, resumed: times.resumed };
}

/** Patroni makes the former primary a standby before anybody could look at what it held. */
async function forked(clients, { promoted, found }, { backend, place, seed }) {
  const present = await Inspection.of({ backend, place, options: OPTIONS });
  const terms = { bound: BACKENDS[backend].bound, refusals: REFUSALS.server };
  return assertFork(clients, { present, promoted, found, ...terms }, seed);
}

/** From when there was a new primary. */
function summaryOf(times) {
  const sorted = times.map(Math.round).sort((a, b) => a - b);
  return { median: sorted[Math.floor(sorted.length / 2)], most: sorted.at(-1) };
}
