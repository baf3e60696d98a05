import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import { createSqlJsStorage, type Recovery } from '@gati-framework/storage-sqljs';
import Database from 'better-sqlite3';
import { expect, test, vi } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { runUntilKilled } from './support/children.js';

/** A store whose owner was killed: a snapshot, and a log with acknowledged commits. */
async function crashedStore(): Promise<{ filename: string; log: string; acknowledged: string[] }> {
  const filename = join(temporaryFolder(), 'store.db');
  const first = createSqlJsStorage({ filename });
  await first.commit(
    Array.from({ length: 200 }, (_, i) => ({ put: 'gtype', value: gtype(`old-${i}`, 'x'.repeat(500)) })),
  );
  await first.close();
  const acknowledged = await runUntilKilled('write-until-killed.mjs', ['sqljs', filename], 20);
  return { filename, log: `${filename}-oplog`, acknowledged };
}

/** Opening is refused, and every byte stays where it is. */
async function expectRefused(filename: string, code: string, message: RegExp): Promise<void> {
  const folder = join(filename, '..');
  const contents = (): [string, string][] =>
    readdirSync(folder)
      .filter((name) => !/-(owner|sharer)-/.test(name)) // those of killed processes are swept away
      .map((name) => [name, readFileSync(join(folder, name), 'latin1')]);
  const before = contents();
  for (const readOnly of [false, true]) {
    const storage = createSqlJsStorage({ filename, readOnly });
    await expect(storage.open()).rejects.toMatchObject({
      name: 'StorageError',
      code,
      message: expect.stringMatching(message),
    });
    await storage.close();
    expect(contents()).toEqual(before);
  }
  expect(readdirSync(folder).filter((name) => /-(owner|sharer)-/.test(name))).toEqual([]);
}

/** What is written of a log, without the room behind it. */
function written(log: string): Buffer {
  const content = readFileSync(log);
  return content.subarray(0, content.findLastIndex((byte) => byte !== 0) + 1);
}

function flip(path: string, offset: number): void {
  const content = readFileSync(path);
  content[offset] = (content[offset] as number) ^ 0x10;
  writeFileSync(path, content);
}

test('a torn end of the log is left out and reported, and nothing acknowledged is lost', async () => {
  const { filename, log, acknowledged } = await crashedStore();
  const whole = written(log);
  for (const cut of [1, 7, 40]) {
    writeFileSync(log, Buffer.concat([whole, whole.subarray(0, cut)]));
    const recoveries: Recovery[] = [];
    const storage = createSqlJsStorage({ filename, onRecovery: (recovery) => recoveries.push(recovery) });
    for (const ref of acknowledged) expect(await storage.getGType(ref)).toMatchObject({ ref });
    expect(recoveries).toEqual([{ location: log, offset: expect.any(Number), bytes: cut }]);
    await storage.storeGType(gtype(`after-${cut}`));
    await storage.close();
    expect(existsSync(log)).toBe(false);
  }
  const storage = createSqlJsStorage({ filename });
  for (const cut of [1, 7, 40]) expect(await storage.getGType(`after-${cut}`)).toBeDefined();
  await storage.close();
}, 60_000);

test.each([
  ['sqljs', createSqlJsStorage],
  ['better-sqlite3', createBetterSqlite3Storage],
])('the logger hears from %s of a torn end of the log', async (storageName, create) => {
  const { filename, log } = await crashedStore();
  writeFileSync(log, Buffer.concat([written(log), written(log).subarray(0, 7)]));
  const warn = vi.fn();
  const storage = create({ filename, log: { info: warn, warn, error: warn } });
  await storage.open();
  const [fields, message] = warn.mock.calls[0] ?? [];
  expect(fields).toEqual({
    storage: storageName,
    cause: 'an unfinished write is left out, as after a crash',
    location: log,
    offset: expect.any(Number),
    bytes: 7,
  });
  expect(message).toContain(`${log} ended in 7 bytes`);
  await storage.close();
  expect(warn).toHaveBeenCalledTimes(1);
});

test('a commit that was cut short is overwritten by the next one', async () => {
  const { filename, log, acknowledged } = await crashedStore();
  const whole = written(log);
  writeFileSync(log, whole.subarray(0, whole.length - 1));
  const storage = createSqlJsStorage({ filename, onRecovery: () => {} });
  await storage.storeGType(gtype('next'));
  const copy = join(temporaryFolder(), 'copy.db');
  copyFileSync(filename, copy);
  copyFileSync(log, `${copy}-oplog`); // as a crash at this moment would leave both
  await storage.close();
  const crashed = createSqlJsStorage({
    filename: copy,
    onRecovery: () => expect.fail('the log is not torn'),
  });
  expect(await crashed.getGType('next')).toBeDefined();
  for (const ref of acknowledged.slice(0, -1)) expect(await crashed.getGType(ref)).toBeDefined();
  await crashed.close();
});

test('a flipped bit anywhere in the log is reported with file and offset, and nothing is overwritten', async () => {
  const { filename, log } = await crashedStore();
  const whole = written(log);
  for (let offset = 0; offset < whole.length; offset += Math.ceil(whole.length / 40)) {
    flip(log, offset);
    await expectRefused(filename, 'STORAGE_CORRUPT', /store\.db-oplog is damaged at byte \d+: /);
    writeFileSync(log, whole);
  }
}, 60_000);

test('a truncated snapshot is refused, naming the byte', async () => {
  const { filename } = await crashedStore();
  const { length } = readFileSync(filename);
  truncateSync(filename, length - 4_096);
  await expectRefused(
    filename,
    'STORAGE_CORRUPT',
    new RegExp(`store\\.db ends at byte ${length - 4_096} of ${length}`),
  );
});

test('a damaged snapshot is refused', async () => {
  const { filename } = await crashedStore();
  const content = readFileSync(filename);
  content.fill(0xff, 4_096 * 3, 4_096 * 4);
  writeFileSync(filename, content);
  const storage = createSqlJsStorage({ filename });
  await expect(storage.open()).rejects.toMatchObject({ code: 'STORAGE_CORRUPT' });
  await storage.close();
  expect(readFileSync(filename).equals(content)).toBe(true);
});

test('a damaged value is reported by the read that meets it, and its file is not overwritten', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const storage = createSqlJsStorage({ filename });
  await storage.storeGType(gtype('T', 'needle in the haystack'));
  await storage.close();
  const content = readFileSync(filename);
  content.write('N', content.indexOf('needle in the haystack'));
  writeFileSync(filename, content);
  const again = createSqlJsStorage({ filename });
  await expect(again.getGType('T')).rejects.toMatchObject({ code: 'STORAGE_CORRUPT' });
  await again.close();
  expect(readFileSync(filename).equals(content)).toBe(true);
});

test('a file of something else is refused', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  writeFileSync(filename, 'a shopping list\n'.repeat(100));
  await expectRefused(filename, 'STORAGE_FOREIGN', /not a SQLite database/);
  rmSync(filename);
  const database = new Database(filename);
  database.exec('CREATE TABLE guests (name TEXT)');
  database.close();
  await expectRefused(filename, 'STORAGE_FOREIGN', /of another application/);
});

test('a file of a newer version is refused', async () => {
  const { filename, log } = await crashedStore();
  rmSync(log);
  const database = new Database(filename);
  database.pragma('user_version = 99');
  database.close();
  await expectRefused(filename, 'STORAGE_SCHEMA_TOO_NEW', /schema version 99/);
});

test('a log without its database, or with an older one or another one, is refused', async () => {
  const { filename, log } = await crashedStore();
  const older = readFileSync(filename);
  const storage = createSqlJsStorage({ filename });
  await storage.storeGType(gtype('newer'));
  await storage.save();
  await storage.storeGType(gtype('newest'));
  const newLog = written(log);
  await storage.close();
  writeFileSync(filename, older);
  writeFileSync(log, newLog);
  await expectRefused(filename, 'STORAGE_CORRUPT', /replaced by an older one/);
  rmSync(filename);
  const other = createSqlJsStorage({ filename: `${filename}-other` });
  for (let i = 0; i < 60; i++) await other.storeGType(gtype(`other-${i}`));
  await other.close();
  copyFileSync(`${filename}-other`, filename);
  await expectRefused(filename, 'STORAGE_CORRUPT', /belongs to another database|replaced by an older one/);
});

test("another program's unfinished transaction is left to SQLite", async () => {
  const { filename } = await crashedStore();
  writeFileSync(`${filename}-journal`, 'x'.repeat(512));
  await expectRefused(filename, 'STORAGE_UNAVAILABLE', /store\.db-journal/);
});

test('a damaged write-ahead log is not taken for a good one', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  await runUntilKilled('write-until-killed.mjs', ['better-sqlite3', filename], 20);
  writeFileSync(`${filename}-wal`, Buffer.alloc(8_192, 7));
  await expectRefused(filename, 'STORAGE_CORRUPT', /store\.db-wal is damaged at byte 0/);
});
