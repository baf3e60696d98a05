// What more records cost: time to open, to read and to write, and memory.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const CHILD = fileURLToPath(new URL('../children/growth.mjs', import.meta.url));
const WHATS = {
  opening: 'ms',
  'read anywhere': 'ns',
  'read hot': 'ns',
  'durable write': 'ns',
  memory: 'MiB',
};
const ALL_SIZES = [1_000, 10_000, 100_000, 1_000_000];
const OURS = { who: 'ours', role: 'ours' };
const BY_HAND = { who: 'by hand', role: 'floor' };

const ROWS = [
  {
    backend: 'memory',
    title: 'in memory',
    bound:
      'The memory that the processor keeps near: records that were not read of late come from farther away.',
    contestants: [OURS, { who: 'runtime 2.0.8', role: 'peer' }],
    sizes: ALL_SIZES,
    whats: { 'read anywhere': 'ns', 'read hot': 'ns', 'heap a record': 'bytes' },
  },
  {
    backend: 'sqlite',
    title: 'better-sqlite3',
    bound: 'The depth of an index, which grows by a page where the store grows a hundredfold.',
    contestants: [OURS, BY_HAND],
    sizes: ALL_SIZES,
  },
  {
    backend: 'sqljs',
    title: 'sql.js',
    bound: 'Opening reads the whole file; a database of a million records does not fit its memory.',
    contestants: [OURS],
    sizes: [1_000, 10_000, 100_000],
  },
  {
    backend: 'postgres',
    title: 'PostgreSQL',
    bound: 'As by hand: the depth of an index on the server.',
    contestants: [OURS, BY_HAND],
    sizes: ALL_SIZES,
  },
];

export const growth = {
  title: 'More records',
  about:
    'Ten versions a handler, each store in a process of its own. "Anywhere" reads records all over the store, ' +
    '"hot" a thousand of them again and again, both through the cache. Memory is what the process grew by.',
  rows: ROWS.map((row) => ({
    name: `growth-${row.backend}`,
    title: row.title,
    bound: row.bound,
    measure: (_, bench) => measureGrowth(bench, row),
  })),
};

async function measureGrowth(bench, { backend, contestants, sizes, whats = WHATS }) {
  const figures = [];
  for (const at of bench.full ? sizes : [sizes[0], sizes[sizes.length === 3 ? 1 : 2]]) {
    const place = await placeOf(bench, backend, at);
    const run = ({ who }, ...step) => inChild(backend, who, at, place, ...step);
    if (backend !== 'memory') for (const contestant of contestants) await run(contestant, 'fill');
    figures.push(
      ...(await bench.contestOf({
        rounds: bench.full ? 3 : 1,
        warmUp: 0,
        at,
        whats,
        contestants: contestants.map((contestant) => ({ ...contestant, call: () => run(contestant) })),
      })),
    );
  }
  return figures;
}

async function placeOf(bench, backend, at) {
  if (backend === 'postgres') return `${await bench.postgres()} growth_${at}`;
  return `${bench.folder}/growth-${at}`;
}

async function inChild(...args) {
  const options = ['--expose-gc', '--max-old-space-size=8192'];
  const { stdout } = await promisify(execFile)(process.execPath, [...options, CHILD, ...args.map(String)]);
  return stdout === '' ? undefined : JSON.parse(stdout);
}
