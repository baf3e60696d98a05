// `npm run torture`: runs experiments, and keeps what their long forms have shown.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { installCurrentNode } from '../scripts/current-node.mjs';
import { installEtcd } from '../scripts/etcd.mjs';
import { bundleScripts, removeBundle } from './harness/bundle.mjs';
import { loadExperiments } from './harness/experiments.mjs';
import { Violation } from './harness/outcomes.mjs';
import { writeTable } from './harness/report/document.mjs';
import { keepResult, takeResults, withdrawResult } from './harness/report/results.mjs';
import { stopServers } from './harness/servers.mjs';

const HELP = `npm run torture -- [name ...] [--long] [--backend X] [--seed N] [--set K=N] [--at-once] [--list] [--draw] [--take FILE]

  name           experiments, as --list names them; default: all
  --long         the long form, whose result goes to torture/results.json
  --backend X    with this backend only; may be given several times
  --seed N       default: 1; the same seed does the same as far as processes do
  --set K=N      another number in the form, e.g. cycles=100: such a result is kept under that number
  --at-once      all backends of an experiment side by side, instead of one after the other
  --list         says which experiments there are, what they prove and with which backends
  --draw         draws the table of docs/reliability.md from torture/results.json
  --take FILE    takes over what another folder has recorded of the named experiments in its torture/results.json, and draws the table`;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    long: { type: 'boolean', default: false },
    backend: { type: 'string', multiple: true },
    seed: { type: 'string', default: '1' },
    set: { type: 'string', multiple: true, default: [] },
    'at-once': { type: 'boolean' },
    take: { type: 'string' },
    list: { type: 'boolean' },
    draw: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  },
});

if (options.help) console.log(HELP);
else if (options.draw) await writeTable();
else if (options.list) await list();
else if (options.take !== undefined) await take(options.take);
else {
  process.once('exit', removeBundle);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.once(signal, () => stopServers().finally(() => process.exit(1)));
  await installCurrentNode();
  await installEtcd();
  await runAll();
}

async function list() {
  for (const { name, proves, backends } of await loadExperiments())
    console.log(`${name} (${backends.join(', ')})\n  ${proves}`);
}

async function take(file) {
  takeResults(file, positionals);
  await writeTable();
}

async function runAll() {
  let failures = 0;
  try {
    await bundleScripts();
    for (const experiment of await loadExperiments(positionals)) {
      const chosen = experiment.backends.filter((name) => options.backend?.includes(name) ?? true);
      failures += await failuresOf(chosen, (backend) => runOne(experiment, backend));
    }
  } finally {
    await stopServers();
  }
  if (options.long) await writeTable();
  process.exitCode = failures === 0 ? 0 : 1;
}

async function failuresOf(backends, runWith) {
  const outcomes = [];
  if (options['at-once']) outcomes.push(...(await Promise.all(backends.map(runWith))));
  else for (const backend of backends) outcomes.push(await runWith(backend));
  return outcomes.filter((isInOrder) => !isInOrder).length;
}

async function runOne(experiment, backend) {
  const { name, forms } = experiment;
  const form = { ...(options.long ? forms.long : forms.short), ...givenNumbers() };
  const seed = Number(options.seed);
  const folder = mkdtempSync(join(tmpdir(), 'gati-torture-'));
  const start = performance.now();
  const seconds = () => Math.round((performance.now() - start) / 1_000);
  const print = (line) => console.log(`  ${options['at-once'] ? `${backend}: ` : ''}${line}`);
  const reached = (figures, soFar = {}) => {
    const kept = { name, backend, seed, form: { ...form, ...soFar }, seconds: seconds(), figures };
    if (options.long) keepResult(kept);
  };
  console.log(`${name}, ${backend}, seed ${seed}, ${JSON.stringify(form)}`);
  try {
    const figures = await experiment.run({ backend, form, seed, folder, print, reached });
    print(`in order after ${seconds()} s: ${JSON.stringify(figures)}`);
    reached(figures);
    rmSync(folder, { recursive: true, force: true });
    return true;
  } catch (error) {
    console.error(error);
    if (options.long && error instanceof Violation) withdrawResult({ name, backend });
    return false;
  }
}

function givenNumbers() {
  return Object.fromEntries(
    options.set.map((text) => {
      const [name, number] = text.split('=');
      return [name, Number(number)];
    }),
  );
}
