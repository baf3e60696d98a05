import { Outages } from '../harness/faults/outages.mjs';
import { TcpProxy } from '../harness/faults/tcp-proxy.mjs';
import { isWrite } from '../harness/operations.mjs';
import { demand, Violation } from '../harness/outcomes.mjs';
import { storeFor } from '../harness/stores.mjs';
import { Trial } from '../harness/trial.mjs';

/** Of a round. */
const OUTAGES = 5;
const CLIENT = {
  lanes: 2,
  operations: 0,
  weights: { store: 6, batch: 3, compareAndSet: 2, delete: 1, read: 6, list: 2, get: 2 },
  pause: 10,
};
/** Steps of a lane in which a watch catches up, 99 times in 100: as many as there can be in 1.5 s, as each takes `pause` at least. */
const MOST_STEPS = 1_500 / CLIENT.pause;
const LEAST_FOR_P99 = 100;

export default {
  name: 'network',
  proves:
    'Between clients and their server connections are ended, cut in the middle of a message, held up, delayed and refused: ' +
    'watches are told every commit once and in order, and 99 of 100 catch up within as many steps as others can make in 1.5 s; no ' +
    'commit is lost or made twice.',
  backends: ['postgres'],
  forms: { short: { outages: 10 }, long: { outages: 500 } },
  run,
};

async function run({ backend, seed, folder, form: { outages }, print, launch }) {
  const { place, server } = await storeFor(backend, folder);
  const proxy = await TcpProxy.to(server.port);
  const trial = new Trial({ backend, place, folder, seed, launch });
  const all = new Outages(proxy, trial.random);
  const lags = [];
  try {
    while (all.count < outages) {
      const clients = await trial.round({
        clients: [CLIENT, { ...CLIENT, watches: true, place: proxy.wayTo(place) }],
        fault: (running) => interrupt(all, running),
      });
      lags.push(...lagsOf(clients, all.healed.splice(0)));
      print(`${all.count} outages, ${trial.totals.commits} commits, ${lags.length} catch-ups`);
    }
  } finally {
    await proxy.close();
  }
  trial.close();
  return { ...figuresOf(lags, outages), commits: trial.totals.commits, outages: all.kinds };
}

/** Between two outages, as much is done as the clients need to be at work again, and the watch to have caught up. */
async function interrupt(outages, [near, far]) {
  await Promise.all([near, far].map((client) => client.answered(20)));
  for (let i = 0; i < OUTAGES; i++) {
    await outages.next();
    await near.answered(near.answers + 20);
    await untilTold(near, far, outages.healed.at(-1));
  }
  for (const { child } of [near, far]) child.tell();
}

/** Of a write that was begun on the one side after this time. */
async function untilTold(near, far, time) {
  const written = () => near.operations.filter(({ from, operation }) => from > time && isWrite(operation));
  const isTold = () => {
    const ids = new Set(written().map(({ id }) => id));
    return far.watches.some(({ events }) => events.some(({ id }) => ids.has(id)));
  };
  while (!isTold() && !near.child.hasEnded && !far.child.hasEnded) await near.answered(near.answers + 2);
}

/**
 * For each time at which the network was healed, how long after it the watch behind it was told of the last commit that
 * had been acknowledged by then on the other side, in milliseconds and in steps of each lane there; nothing where it had been told
 * already.
 */
function lagsOf([near, far], healed) {
  const times = new Map(
    far.watches.flatMap(({ events, times: at }) => events.map(({ id }, i) => [id, at[i]])),
  );
  return healed.flatMap((time) => {
    const last = near.operations.findLast(({ made, to }) => made !== undefined && to < time);
    const told = last && times.get(last.id);
    if (told === undefined || told < time) return [];
    const meanwhile = near.operations.filter(({ to }) => to > time && to < told);
    return [{ milliseconds: told - time, steps: meanwhile.length / CLIENT.lanes }];
  });
}

/** Milliseconds are no promise that a busy machine could break; steps take longer there, too. */
function figuresOf(lags, outages) {
  demand(lags.length, outages / 3, 'catch-ups that were seen');
  const part = (share, of) => {
    const sorted = lags.map(of).sort((a, b) => a - b);
    return Math.round(sorted[Math.floor((sorted.length - 1) * share)]);
  };
  const steps = part(0.99, (lag) => lag.steps);
  if (lags.length >= LEAST_FOR_P99 && steps > MOST_STEPS)
    throw new Violation(
      `a hundredth of ${lags.length} catch-ups took ${steps} steps of the other side, or more`,
    );
  return {
    'catch-ups': lags.length,
    'ms in the middle': part(0.5, ({ milliseconds }) => milliseconds),
    'ms at p99': part(0.99, ({ milliseconds }) => milliseconds),
    'steps of the other side at p99': steps,
  };
}
