// Contestants that do the same work, in turn and in one process.
import { quantile, sortedCopy, spread } from './statistics.mjs';

/**
 * One of those who are compared.
 *
 * @typedef {object} Contestant
 * @property {string} who As shown.
 * @property {'ours' | 'floor' | 'peer' | 'also'} role The floor is what one would write by hand; what is there also is not compared.
 * @property {string} [note] In what it differs, where it does.
 * @property {(input: any) => unknown} call One operation.
 *
 * @typedef {object} Figure What a row tells of one contestant.
 * @property {string} who
 * @property {string} role
 * @property {string} [what] What of the row's, if there are several.
 * @property {number} [at] With how many records.
 * @property {string} unit `ns`, `ms`, `bytes` or `MiB`.
 * @property {number} median Of the rounds.
 * @property {number} low The first quartile of the rounds.
 * @property {number} high The third.
 * @property {number} [best] Of the rounds: what nothing else on the machine came in between.
 * @property {number} [p99] Of single operations, in a round of its own.
 * @property {number} [worst] The slowest of them.
 * @property {{ median: number, low?: number, high?: number }} [ratio] Of each round's figure to ours: above 1, ours is better.
 */

/** Rounds that do not count let the compiler settle; more of them where they are short. */
const warmUpOf = (rounds) => Math.max(2, Math.ceil(rounds / 5));

/**
 * Runs every contestant in each round, in another order each time, so that whatever
 * else the machine does hits all of them.
 *
 * @param {object} options
 * @param {number} options.rounds
 * @param {Contestant[]} options.contestants Ours among them.
 * @param {(round: number, contestant: Contestant) => any[] | Promise<any[]>} options.inputs Made anew, untimed, for each turn.
 * @param {number} [options.callers] How many go through the inputs at once.
 * @param {boolean} [options.synchronous] Nothing is awaited.
 * @param {boolean} [options.collect] Collect garbage before each turn (default); not where turns are short and many.
 * @param {(contestant: Contestant, inputs: any[]) => Promise<void>} options.verify Throws unless the answers are right.
 * @returns {Promise<Figure[]>} In nanoseconds an operation.
 */
export async function contest(options) {
  const { rounds, contestants } = options;
  const times = contestants.map(() => []);
  for (let round = -warmUpOf(rounds); round < rounds; round++) {
    for (const c of turns(contestants.length, round)) {
      const time = await turn(contestants[c], round, options);
      if (round >= 0) times[c].push(time);
    }
  }
  const figures = [];
  for (const [c, contestant] of contestants.entries()) {
    const tail = await latencies(contestant, rounds, options);
    const best = Math.min(...times[c]);
    figures.push({ ...describe(contestant), unit: 'ns', ...spread(times[c]), best, ...tail });
  }
  return withRatios(figures, times);
}

/**
 * The same for work of which several things are told, each of them once a round.
 *
 * @param {object} options
 * @param {number} options.rounds
 * @param {Contestant[]} options.contestants Whose `call`, given the round, resolves with a number for each of `whats`.
 * @param {Record<string, string>} options.whats The units of what is told, by its name.
 * @param {number} [options.at] With how many records.
 * @param {number} [options.warmUp] Rounds that do not count.
 * @returns {Promise<Figure[]>}
 */
export async function contestOf({ rounds, contestants, whats, at, warmUp = 1 }) {
  const names = Object.keys(whats);
  const told = contestants.map(() => Object.fromEntries(names.map((what) => [what, []])));
  for (let round = -warmUp; round < rounds; round++) {
    for (const c of turns(contestants.length, round)) {
      const values = await contestants[c].call(round);
      if (round >= 0) for (const what of names) told[c][what].push(values[what]);
    }
  }
  return Object.entries(whats).flatMap(([what, unit]) => {
    const each = told.map((values) => values[what]);
    const figures = contestants.map((contestant, c) => ({
      ...describe(contestant),
      what,
      ...(at === undefined ? {} : { at }),
      unit,
      ...spread(each[c]),
    }));
    return withRatios(figures, each);
  });
}

/** Adds what each of the rounds' figures is to ours. */
export function withRatios(figures, rounds) {
  const ours = figures.findIndex(({ role }) => role === 'ours');
  return figures.map((figure, f) =>
    f === ours ? figure : { ...figure, ratio: spread(rounds[f].map((time, i) => time / rounds[ours][i])) },
  );
}

export function describe({ who, role, note }) {
  return { who, role, ...(note === undefined ? {} : { note }) };
}

/** Everyone begins as often as the others. */
export function turns(count, round) {
  const first = ((round % count) + count) % count;
  return Array.from({ length: count }, (_, i) => (first + i) % count);
}

async function turn(contestant, round, { inputs, callers = 1, synchronous = false, collect = true }) {
  const given = await inputs(round, contestant);
  if (collect) globalThis.gc?.();
  const start = performance.now();
  if (synchronous) for (const input of given) contestant.call(input);
  else await everyone(callers, given, contestant.call);
  return ((performance.now() - start) * 1e6) / given.length;
}

/** Apart from the rounds, as reading the clock takes as long as some of the operations. */
async function latencies(contestant, round, { inputs, callers = 1, synchronous = false, verify }) {
  const given = await inputs(round, contestant);
  const taken = [];
  const timed = async (input) => {
    const start = performance.now();
    const answer = contestant.call(input);
    if (!synchronous) await answer;
    taken.push((performance.now() - start) * 1e6);
  };
  globalThis.gc?.();
  await everyone(callers, given, timed);
  await verify(contestant, given);
  const sorted = sortedCopy(taken);
  return { p99: quantile(sorted, 0.99), worst: sorted[sorted.length - 1] };
}

async function everyone(callers, inputs, call) {
  const caller = async (first) => {
    for (let i = first; i < inputs.length; i += callers) await call(inputs[i]);
  };
  if (callers === 1) await caller(0);
  else await Promise.all(Array.from({ length: callers }, (_, c) => caller(c)));
}
