// `npm run torture -- [--cycles 1000] [--seed 1] [--backend sqljs]`
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runKillCycles } from './kill-cycles.mjs';

const { values } = parseArgs({
  options: {
    cycles: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    backend: { type: 'string', multiple: true, default: ['better-sqlite3'] },
    help: { type: 'boolean', short: 'h' },
  },
});
if (values.help) {
  console.log(
    `npm run torture -- [--cycles 1000] [--seed 1] [--backend better-sqlite3] [--backend node-sqlite] [--backend sqljs]

Kills writers with SIGKILL and checks what is left. Several backends take turns on one file, on a Node.js that runs them all.`,
  );
  process.exit(0);
}

const folder = mkdtempSync(join(tmpdir(), 'gati-torture-'));
const start = Date.now();
try {
  const { cycles, acknowledged } = await runKillCycles({
    filename: join(folder, 'store.db'),
    cycles: Number(values.cycles),
    seed: Number(values.seed),
    backends: values.backend,
    onCycle: (cycle, count) => {
      if ((cycle + 1) % 50 === 0)
        console.log(`${cycle + 1} cycles, ${count} acknowledged writes, nothing lost`);
    },
  });
  const seconds = Math.round((Date.now() - start) / 1000);
  console.log(
    `${cycles} kills, ${acknowledged} acknowledged writes, none lost, no partial batch, integrity ok, ${seconds} s`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
