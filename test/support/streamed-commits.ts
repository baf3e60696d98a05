import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../children/', import.meta.url));

/** Commits a stream of records in a process whose heap holds a fraction of them. @returns The memory it took at most, in bytes. */
export async function runWithSmallHeap(
  filename: string,
  records: number,
  bytes: number,
): Promise<{ revision: number; peak: number }> {
  const args = ['--max-old-space-size=64', `${folder}stream-records.mjs`, filename, `${records}`, `${bytes}`];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (data) => {
    output += data;
  });
  const [status] = await once(child, 'close');
  if (status !== 0) throw new Error(`It ended with status ${status}: ${output}`);
  return JSON.parse(output) as { revision: number; peak: number };
}

/** Kills a process that commits a stream when it has taken so many records. */
export async function killInStreamedCommit(filename: string, records: number): Promise<void> {
  const args = [`${folder}stream-until-killed.mjs`, filename, `${records}`];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'close');
}
