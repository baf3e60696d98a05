import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { runSql } from '../../storage-postgres/test/support/schemas.js';
import { copyStorage } from '../src/copy/index.js';
import { openStorage } from '../src/index.js';
import { fillInChild } from './support/children.js';
import { contentOf, NEW_STORES, newStore, opened } from './support/stores.js';

const MANY = 100_000;
/** Megabytes: far less than so many records take as objects. */
const HEAP = 64;
const PATIENCE = 900_000; // ends what hangs, also on a machine with much else to do

test(
  '100,000 records are copied, exported and restored in 64 MB of heap',
  async () => {
    const folder = temporaryFolder();
    const [from, to, restored] = ['a', 'b', 'c'].map((name) => `sqlite:${join(folder, name)}.db`) as [
      string,
      string,
      string,
    ];
    const archive = join(folder, 'a.jsonl');
    expect((await fillInChild(['records', String(MANY), from], { heap: HEAP }))?.report).toMatchObject({
      revision: 1,
    });
    const copied = await fillInChild(['copy', from, to], { heap: HEAP });
    expect(copied?.report).toMatchObject({ outcome: 'stored', records: MANY, verified: true });
    const exported = await fillInChild(['export', to, archive], { heap: HEAP });
    expect(exported?.report).toMatchObject({ records: MANY, sha256: copied?.report?.sha256 });
    const again = await fillInChild(['restore', archive, restored], { heap: HEAP });
    expect(again?.report).toMatchObject({
      outcome: 'stored',
      sha256: copied?.report?.sha256,
      verified: true,
    });
  },
  PATIENCE,
);

test.each(['copy', 'restore'])(
  'a %s to a disk that is full stores nothing, and works once there is room',
  async (how) => {
    const folder = temporaryFolder();
    const store = `sqlite:${join(folder, 'a.db')}`;
    const archive = join(folder, 'a.jsonl');
    const target = `sqlite:${join(folder, 'b.db')}`;
    await fillInChild(['records', '5000', store]);
    await fillInChild(['export', store, archive]);
    const args = [how, how === 'copy' ? store : archive, target];
    // Half a megabyte, in the blocks of 512 bytes that the shell counts.
    const refused = await fillInChild(args, { fileBlocks: 1024 });
    expect(refused?.error?.code).toMatch(/^STORAGE_/);
    const storage = await openStorage(target);
    expect(await storage.stats()).toMatchObject({ revision: 0, manifestCount: 0 });
    await storage.close();
    expect((await fillInChild(args))?.report).toMatchObject({
      outcome: 'stored',
      records: 5000,
      verified: true,
    });
  },
  PATIENCE,
);

test('a SQLite target that is deleted meanwhile is noticed, and nothing is said to be stored', async () => {
  const source = await newStore('memory');
  await source.commit(Array.from({ length: 500 }, (_, i) => ({ put: 'gtype', value: gtype(`t${i}`) })));
  const url = NEW_STORES.SQLite();
  const target = await opened(url);
  await target.open();
  const onProgress = (records: number): void => {
    if (records === 100)
      for (const suffix of ['', '-wal', '-shm']) rmSync(`${url.slice('sqlite:'.length)}${suffix}`);
  };
  await expect(copyStorage(source, target, { onProgress })).rejects.toMatchObject({
    code: 'STORAGE_REPLACED',
  });
});

test('a PostgreSQL target whose connections are cut meanwhile has nothing or everything, and works again', async () => {
  const source = await newStore('memory');
  await source.commit(Array.from({ length: 3000 }, (_, i) => ({ put: 'gtype', value: gtype(`t${i}`) })));
  const name = `copy cut ${process.pid}`;
  const url = `${NEW_STORES.PostgreSQL()}&application_name=${encodeURIComponent(name)}`;
  const target = await opened(url);
  let cut: Promise<unknown> | undefined;
  const onProgress = (records: number, phase: string): void => {
    if (records !== 2000 || phase !== 'storing') return;
    cut = runSql(
      inject('postgresUrl'),
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '${name}'`,
    );
  };
  const outcome = await copyStorage(source, target, { onProgress }).catch((error: unknown) => error);
  await cut;
  const stored = (await contentOf(target)).length;
  if (outcome instanceof Error) {
    // The cut may come when all is stored, and end the reading back of it.
    expect(outcome).toMatchObject({ name: 'StorageError' });
    if (outcome.message.includes('are stored, as revision')) expect(stored).toBe(3000);
    else expect(outcome.message.includes('Nothing of it was stored') ? [0] : [0, 3000]).toContain(stored);
  } else expect([outcome, stored]).toMatchObject([{ outcome: 'stored', verified: true }, 3000]);
  expect(await copyStorage(source, target)).toMatchObject({ records: 3000, verified: true });
});
