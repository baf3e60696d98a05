import { BACKENDS } from '../harness/backends.mjs';
import { Breakdown, demand, Violation } from '../harness/outcomes.mjs';
import { Child } from '../harness/processes.mjs';
import { storeFor } from '../harness/stores.mjs';

const REFERENCE = 'memory';
/** Of a sequence. */
const COMMANDS = 50;
/** Stores of a server that are driven side by side, as most of the time is spent waiting for it; */
const AT_ONCE = 4;
/** each with as many sequences at least, and */
const LEAST_EACH = 100;
/** with a seed of its own. */
const SEEDS_APART = 1_000_000_007;

export default {
  name: 'same-answers',
  proves:
    'The same random sequences of commands come to the same on every backend, call by call: values, order, revisions, ' +
    'error codes and all that errors say to programs; and to what the model of the conformance suite says.',
  backends: Object.keys(BACKENDS).filter((name) => name !== REFERENCE),
  forms: { short: { sequences: 20 }, long: { sequences: 10_000 } },
  run,
};

async function run({ backend, seed, folder, form: { sequences }, print }) {
  const parts =
    BACKENDS[backend].kind === 'server' ? Math.min(AT_ONCE, Math.ceil(sequences / LEAST_EACH)) : 1;
  const runs = Math.ceil(sequences / parts);
  const figures = { sequences: 0, calls: 0 };
  const count = (calls) => {
    figures.sequences += 1;
    figures.calls += calls;
    if (figures.sequences % 500 === 0)
      print(`${figures.sequences} sequences, ${figures.calls} calls, all the same`);
  };
  await Promise.all(
    Array.from({ length: parts }, async (_, part) => {
      const { place } = await storeFor(backend, folder);
      const settings = { place, folder, seed: seed + part * SEEDS_APART, runs, length: COMMANDS };
      await compare(settings, backend, count);
    }),
  );
  demand(figures.sequences, sequences, 'sequences');
  demand(figures.calls, sequences * 5, 'calls');
  return figures;
}

async function compare(settings, backend, count) {
  const { seed } = settings;
  const comparison = new Comparison(count);
  const children = [REFERENCE, backend].map((name, i) => {
    const child = new Child('answers.mjs', { ...settings, backend: name });
    child.on('line', (line) => comparison.hear(i, line));
    return child;
  });
  await Promise.all(children.map(({ ended }) => ended));
  for (const { errors, isInOrder } of children)
    if (!isInOrder) throw new Breakdown(`seed ${seed}: ${errors}`);
  const { difference, failed } = comparison;
  if (failed !== undefined) throw new Violation(`seed ${seed}, ${backend}: ${failed}`);
  if (difference !== undefined)
    throw new Violation(`seed ${seed}: ${await explain(settings, backend, difference)}`);
}

/** Compares sequences as both have come to them. */
class Comparison {
  difference;
  failed;
  #heard = [new Map(), new Map()];
  #count;

  /** @param {(calls: number) => void} count Of a sequence that was compared. */
  constructor(count) {
    this.#count = count;
  }

  hear(i, { sequence, calls, failed }) {
    if (failed !== undefined) this.failed ??= failed;
    if (sequence === undefined) return;
    const other = this.#heard[1 - i].get(sequence);
    if (other === undefined) {
      this.#heard[i].set(sequence, calls);
      return;
    }
    this.#heard[1 - i].delete(sequence);
    if (calls.join('\n') !== other.join('\n')) this.difference ??= sequence;
    this.#count(calls.length);
  }
}

/** Runs both again up to the sequence in which they differ, and tells the first call that does. */
async function explain({ folder, ...settings }, backend, shown) {
  const { place } = await storeFor(backend, folder);
  const [expected, found] = await Promise.all(
    [REFERENCE, backend].map(async (name) => {
      const child = new Child('answers.mjs', { ...settings, folder, place, backend: name, shown });
      let calls = [];
      child.on('line', (line) => {
        calls = line.calls ?? calls;
      });
      await child.ended;
      return calls;
    }),
  );
  const at = expected.findIndex((call, i) => call !== found[i]);
  return `call ${at} of sequence ${shown}: ${REFERENCE} ${expected[at]}, ${backend} ${found[at]}`;
}
