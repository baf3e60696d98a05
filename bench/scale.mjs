// What a thousand times more manifests cost: time to read, time to open, memory.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const CHILD = fileURLToPath(new URL('./scale-child.mjs', import.meta.url));
const SMALL = 1_000;
const LARGE = 1_000_000;

/** Each store in a process of its own, so that its memory can be told. */
export function* scaleBenchmarks(folder) {
  for (const backend of ['memory', 'better-sqlite3']) {
    const [small, large] = [SMALL, LARGE].map((count) =>
      measure(backend, count, `${folder}/scale-${count}.db`),
    );
    yield { backend, small, large };
  }
}

function measure(backend, count, filename) {
  const args = ['--expose-gc', '--max-old-space-size=8192', CHILD, backend, String(count), filename];
  if (backend !== 'memory')
    execFileSync(process.execPath, [...args, 'fill'], { stdio: ['ignore', 'ignore', 'inherit'] });
  return JSON.parse(
    execFileSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }),
  );
}
