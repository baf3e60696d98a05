import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Storage } from '@gati-framework/manifest-store';
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import { createSqlJsStorage } from '@gati-framework/storage-sqljs';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { childPath, runChild } from './support/children.js';

test.each([
  ['ENOSPC', 'before'],
  ['EIO', 'after'],
])(
  'whichever call of the file system fails with %s (%s it was done), nothing acknowledged is lost',
  async (code, moment) => {
    const report = await runChild<{ calls: number; problems: string[] }>('fail-each-call.mjs', [
      temporaryFolder(),
      code,
      moment,
    ]);
    expect(report.calls).toBeGreaterThan(100);
    expect(report.problems).toEqual([]);
  },
  180_000,
);

test('a snapshot that somebody removes before it takes its place is not taken for one that did', async () => {
  const report = await runChild<Record<string, unknown>>('lose-snapshot.mjs', [temporaryFolder()]);
  const code = 'STORAGE_UNAVAILABLE';
  expect(report).toEqual({ lost: 2, stored: code, saved: code, closed: 'done', files: [] });
});

/** Every call would take minutes; these fall on all the others in turn. */
const STEP = 4;

test('at whichever call of the file system a process dies, what it acknowledged is found by either backend', async () => {
  const folder = temporaryFolder();
  let died = true;
  for (let k = 1; died; k += STEP) {
    const filename = join(folder, `${k}.db`);
    const lines = await outputOf('die-at-call.mjs', [filename, String(k)]);
    died = lines.at(-1) !== 'done';
    const storage: Storage =
      (k - 1) % (2 * STEP) === 0
        ? createBetterSqlite3Storage({ filename })
        : createSqlJsStorage({ filename, onRecovery: () => {} });
    for (const name of lines.filter((line) => line !== 'done')) {
      expect(await storage.getGType(`a-${name}`), `call ${k}: ${name}`).toBeDefined();
      expect(await storage.getGType(`b-${name}`), `call ${k}: ${name}`).toBeDefined();
    }
    await storage.storeGType({ ref: 'usable', kind: 'object' });
    await storage.close();
  }
}, 180_000);

async function outputOf(script: string, args: readonly string[]): Promise<string[]> {
  const child = spawn(process.execPath, [childPath(script), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (data) => {
    output += data;
  });
  await once(child, 'close');
  return output.split('\n').slice(0, -1);
}
