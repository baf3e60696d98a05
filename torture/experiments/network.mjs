import { setTimeout as pause } from 'node:timers/promises';
import { Outages } from '../harness/faults/outages.mjs';
import { TcpProxy } from '../harness/faults/tcp-proxy.mjs';
import { demand } from '../harness/outcomes.mjs';
import { storeFor } from '../harness/stores.mjs';
import { Trial } from '../harness/trial.mjs';

/** Of a round. */
const OUTAGES = 5;
/** Milliseconds after an outage before the next one. */
const PAUSE = 750;
const WRITES = { store: 6, batch: 3, compareAndSet: 2, delete: 1, read: 6, list: 2, get: 2 };

export default {
  name: 'network',
  proves:
    'Between clients and their server connections are ended, cut in the middle of a message, held up, delayed and refused: ' +
    'watches are told every commit once and in order, and catch up (it is told how fast), and no commit is lost or made twice.',
  backends: ['postgres'],
  forms: { short: { outages: 10 }, long: { outages: 500 } },
  run,
};

async function run({ backend, seed, folder, form: { outages }, print, launch }) {
  const { place, server } = await storeFor(backend, folder);
  const proxy = await TcpProxy.to(server.port);
  const through = new URL(place);
  through.port = String(proxy.port);
  const trial = new Trial({ backend, place, folder, seed, launch });
  const all = new Outages(proxy, trial.random);
  const lags = [];
  try {
    while (all.count < outages) {
      const clients = await trial.round({
        clients: [
          { lanes: 2, operations: 0, weights: WRITES, pause: 10 },
          { lanes: 2, operations: 0, weights: WRITES, pause: 10, watches: true, place: through.href },
        ],
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

/** Between two outages, as much is done as the clients need to be at work again. */
async function interrupt(outages, clients) {
  await Promise.all(clients.map((client) => client.answered(20)));
  for (let i = 0; i < OUTAGES; i++) {
    await outages.next();
    const [near] = clients;
    await near.answered(near.answers + 20);
    await pause(PAUSE);
  }
  for (const { child } of clients) child.tell();
}

/**
 * For each time at which the network was healed, how long after it the watch behind it was told of the last commit that
 * had been acknowledged by then on the other side; nothing where it had been told already.
 */
function lagsOf([near, far], healed) {
  const times = new Map(
    far.watches.flatMap(({ events, times: at }) => events.map(({ id }, i) => [id, at[i]])),
  );
  return healed.flatMap((time) => {
    const last = near.operations.findLast(({ made, to }) => made !== undefined && to < time);
    const told = last && times.get(last.id);
    return told === undefined ? [] : [Math.max(0, told - time)];
  });
}

/** How fast is no promise that a busy machine could break. */
function figuresOf(lags, outages) {
  demand(lags.length, outages / 2, 'catch-ups that were seen');
  const sorted = lags.toSorted((a, b) => a - b);
  const part = (share) => Math.round(sorted[Math.floor((sorted.length - 1) * share)]);
  return { 'catch-ups': lags.length, 'ms in the middle': part(0.5), 'ms at p99': part(0.99) };
}
