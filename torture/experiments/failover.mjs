import { PostgresCluster } from '../../test/support/postgres-cluster.mjs';
import { BACKENDS, REFUSALS } from '../harness/backends.mjs';
import { assertFork, demandFork } from '../harness/checker/fork.mjs';
import { failOver, TAKEOVERS } from '../harness/faults/failover.mjs';
import { Inspection } from '../harness/inspection.mjs';
import { WRITES } from '../harness/operations.mjs';
import { Violation } from '../harness/outcomes.mjs';
import { withServer } from '../harness/servers.mjs';
import { Trial } from '../harness/trial.mjs';

const CLIENT = {
  lanes: 4,
  operations: 0,
  watches: true,
  weights: { ...WRITES, read: 20, list: 6, get: 6 },
  pause: 5,
};
const CLIENTS = 2;
/** Of a failover. */
const LEAST_ACKNOWLEDGED = 50;
/** Milliseconds. Longer than anything that happens to a server; and how soon one that hangs is not waited for. */
const OPTIONS = { retryTimeout: 100_000, connectTimeout: 2_000 };

export default {
  name: 'failover',
  proves:
    'A standby takes the place of a primary that is killed or hangs, which then comes back as if nothing had happened: what was ' +
    'acknowledged is there, once, and who has used the new one is not led astray by the former. Where the standby lacked ' +
    'commits, everybody who knew of them is told that the history is another one.',
  backends: ['postgres'],
  forms: { short: { rounds: 3 }, long: { rounds: 30 } },
  run,
};

async function run({ backend, seed, folder, form: { rounds }, print, launch }) {
  const names = Object.keys(TAKEOVERS);
  const figures = {
    acknowledged: 0,
    'lost by a standby that lacked them': 0,
    'clients that knew of such': 0,
    faults: {},
  };
  await withServer(PostgresCluster.start, async (cluster) => {
    for (let round = 0; round < rounds; round++) {
      const name = names[(round + seed) % names.length];
      if (round > 0) await cluster.rejoin();
      const setting = { backend, seed: seed + round, folder, launch, schema: `failover_${round}` };
      const { acknowledged, lost, told } = await oneFailover(cluster, TAKEOVERS[name], setting);
      figures.acknowledged += acknowledged;
      figures['lost by a standby that lacked them'] += lost;
      figures['clients that knew of such'] += told;
      figures.faults[name] = (figures.faults[name] ?? 0) + 1;
      print(`${round + 1} failovers, ${figures.acknowledged} acknowledged; last: ${name}`);
    }
  });
  return { failovers: rounds, ...figures };
}

/** In a store of its own, which clients look for on both servers. */
async function oneFailover(cluster, takeover, { schema, ...setting }) {
  const placeOn = ({ url }) => `${url}?schema=${schema}`;
  const look = (server) => Inspection.of({ backend: setting.backend, place: placeOn(server) });
  const { primary, standby } = cluster;
  const trial = new Trial({ ...setting, place: placeOn(cluster), options: OPTIONS });
  const fork = { bound: BACKENDS.postgres.bound, refusals: REFUSALS.server };
  const clients = await trial.round({
    clients: Array.from({ length: CLIENTS }, () => CLIENT),
    fault: async (running) => {
      const whenBack = async () => {
        fork.former = await look(primary);
      };
      fork.promoted = await failOver(cluster, running, takeover, { schema, whenBack });
      for (const { child } of running) child.tell();
    },
    inspector: null,
  });
  trial.close();
  fork.present = await look(standby);
  return assertInOrder(clients, fork, takeover, setting.seed);
}

function assertInOrder(clients, fork, { isSynchronous }, seed) {
  const { acknowledged, lost, told } = assertFork(clients, fork, seed);
  if (isSynchronous && lost > 0) throw new Violation(`seed ${seed}: ${lost} acknowledged commits are lost`);
  demandFork({ acknowledged, lost, told }, { isSynchronous, clients: CLIENTS, least: LEAST_ACKNOWLEDGED });
  return { acknowledged, lost, told };
}
