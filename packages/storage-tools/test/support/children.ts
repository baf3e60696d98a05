import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { CopyReport } from '../../src/copy/index.js';

const CHILD = fileURLToPath(new URL('../children/fill-store.mjs', import.meta.url));

/** What a child tells. */
export interface Told {
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
}

/** Runs `fill-store.mjs` in a process of its own, and gives what it told, if anything. */
export async function fillInChild(
  args: readonly string[],
  { heap, fileBlocks }: ChildOptions = {},
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
  let told: Told | undefined;
  const closed = once(child, 'close');
  for await (const line of createInterface(child.stdout)) {
    if (!line.endsWith('}')) continue; // it was killed while it wrote
    told = JSON.parse(line);
  }
  await closed;
  return told;
}
