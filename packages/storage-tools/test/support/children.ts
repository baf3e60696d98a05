import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { CopyPhase, CopyReport } from '../../src/copy/index.js';

const CHILD = fileURLToPath(new URL('../children/fill-store.mjs', import.meta.url));

/** What a child tells, a line each. */
export interface Told {
  readonly phase?: CopyPhase;
  readonly report?: CopyReport;
  /** Kilobytes that it held at most. */
  readonly maxRSS?: number;
  readonly error?: { readonly code?: string; readonly message: string };
}

export interface ChildOptions {
  /** Megabytes of heap. */
  readonly heap?: number;
  /** Most that it may write to a file, in blocks of the shell. */
  readonly fileBlocks?: number;
  /** Called with each line and how many there were. */
  readonly onTold?: (told: Told, count: number, child: ChildProcess) => void;
}

/** Runs `fill-store.mjs` in a process of its own, and gives the last line that it told, if any. */
export async function fillInChild(
  args: readonly string[],
  { heap, fileBlocks, onTold }: ChildOptions = {},
): Promise<Told | undefined> {
  const node = [
    process.execPath,
    ...(heap === undefined ? [] : [`--max-old-space-size=${heap}`]),
    CHILD,
    ...args,
  ];
  const limit = fileBlocks === undefined ? '' : `ulimit -f ${fileBlocks}; `;
  const child = spawn('sh', ['-c', `${limit}exec "$@"`, 'sh', ...node], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let last: Told | undefined;
  let count = 0;
  const closed = once(child, 'close');
  for await (const line of createInterface(child.stdout)) {
    if (!line.endsWith('}')) continue; // it was killed while it wrote
    last = JSON.parse(line);
    count += 1;
    if (last !== undefined) onTold?.(last, count, child);
  }
  await closed;
  return last;
}
