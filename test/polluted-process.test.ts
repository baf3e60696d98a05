import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('a process in which a library added to Object.prototype stores, reads, watches and refuses as ever', async () => {
  const child = join(import.meta.dirname, 'children', 'polluted.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [child]);
  expect(stdout).toBe('');
});
