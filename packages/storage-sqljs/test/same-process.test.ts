import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import { createSqlJsStorage } from '@gati-framework/storage-sqljs';
import { expect, test } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { childPath } from './support/children.js';

/** The locks that a file has, as the system tells them. */
function locksOn(path: string): string[] {
  const inode = String(statSync(path).ino);
  const locks = readFileSync('/proc/locks', 'utf8').split('\n');
  return locks
    .map((line) => line.replace(/^\d+: /, ''))
    .filter((line) => line.split(/[\s:]+/).includes(inode));
}

test.runIf(process.platform === 'linux')(
  'sql.js takes no lock from a connection that better-sqlite3 has in the same process',
  async () => {
    const filename = join(temporaryFolder(), 'store.db');
    const native = createBetterSqlite3Storage({ filename });
    await native.storeGType(gtype('a'));
    const locks = [locksOn(filename), locksOn(`${filename}-shm`)];
    expect(locks.flat().length).toBeGreaterThan(1);
    for (let i = 0; i < 2; i++) {
      const refused = createSqlJsStorage({ filename, lockTimeout: 1 });
      await expect(refused.open()).rejects.toMatchObject({ code: 'STORAGE_LOCKED' });
      const reader = createSqlJsStorage({ filename, readOnly: true });
      expect(await reader.getGType('a')).toBeDefined();
      await reader.close();
      expect([locksOn(filename), locksOn(`${filename}-shm`)]).toEqual(locks);
    }
    await native.close();
    const next = createSqlJsStorage({ filename, lockTimeout: 1 });
    await next.storeGType(gtype('b'));
    await next.close();
  },
);

test.runIf(process.platform === 'linux')(
  'a worker thread that would take such locks away when it ends may not read the file',
  async () => {
    const filename = join(temporaryFolder(), 'store.db');
    const native = createBetterSqlite3Storage({ filename });
    await native.storeGType(gtype('T'));
    const locks = locksOn(filename);
    const worker = new Worker(childPath('open-and-read.mjs'), { argv: ['sqljs', filename], stdout: true });
    const [output] = await once(worker.stdout, 'data');
    if (worker.threadId !== -1) await once(worker, 'exit');
    expect(JSON.parse(String(output))).toMatchObject({
      read: expect.stringMatching(/^STORAGE_LOCKED .*main thread/),
    });
    expect(locksOn(filename)).toEqual(locks);
    await native.close();
  },
);
