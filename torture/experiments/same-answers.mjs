import { BACKENDS } from '../harness/backends.mjs';
import { Breakdown, demand, Violation } from '../harness/outcomes.mjs';
import { Child } from '../harness/processes.mjs';
import { storeFor } from '../harness/stores.mjs';

const REFERENCE = 'memory';
/** Of a sequence. */
const COMMANDS = 50;

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
  const { place } = await storeFor(backend, folder);
  const settings = { place, folder, seed, runs: sequences, length: COMMANDS };
  const comparison = new Comparison(print);
  const children = [REFERENCE, backend].map((name, i) => {
    const child = new Child('answers.mjs', { ...settings, backend: name });
    child.on('line', (line) => comparison.hear(i, line));
    return child;
  });
  await Promise.all(children.map(({ ended }) => ended));
  for (const { errors, isInOrder } of children)
    if (!isInOrder) throw new Breakdown(`seed ${seed}: ${errors}`);
  const { difference, failed, compared, calls } = comparison;
  if (failed !== undefined) throw new Violation(`seed ${seed}, ${backend}: ${failed}`);
  if (difference !== undefined)
    throw new Violation(`seed ${seed}: ${await explain(settings, backend, difference)}`);
  demand(compared, sequences, 'sequences');
  demand(calls, sequences * 5, 'calls');
  return { sequences: compared, calls };
}

/** Compares sequences as both have come to them. */
class Comparison {
  compared = 0;
  calls = 0;
  difference;
  failed;
  #heard = [new Map(), new Map()];
  #print;

  constructor(print) {
    this.#print = print;
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
    this.compared += 1;
    this.calls += calls.length;
    if (calls.join('\n') !== other.join('\n')) this.difference ??= sequence;
    if (this.compared % 500 === 0)
      this.#print(`${this.compared} sequences, ${this.calls} calls, all the same`);
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
