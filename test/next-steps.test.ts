import { exec, execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { firstStore, nextSteps } from '../scripts/next-steps.mjs';
import { temporaryFolder } from './support/temporary-folder.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);
const paste = promisify(exec);

test('the commands that npm start prints work as they are, also where npm has linked none', async () => {
  const file = join(temporaryFolder(), 'gati.db');
  const store = await firstStore(file);
  await run(process.execPath, ['examples/first-run/import.mjs', store.url], { cwd: root });
  const lines = nextSteps(file, store).split('\n');
  const commands = lines.map((line) => line.trim()).filter((line) => line.startsWith('node '));
  expect(commands).toHaveLength(2);
  const outputs = [];
  for (const command of commands) outputs.push((await paste(command, { cwd: process.cwd() })).stdout);
  expect(outputs[0]).toContain('getFileMeta');
  expect(outputs[1]).toContain('GET');
  expect(lines.join('\n')).not.toContain('npx');
});
