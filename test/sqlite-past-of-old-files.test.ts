import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Entry, Storage } from '@gati-framework/manifest-store';
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import { MIGRATIONS } from '@gati-framework/storage-sqlite';
import { createSqlJsStorage } from '@gati-framework/storage-sqljs';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { gtype } from './support/records.js';
import { temporaryFolder } from './support/temporary-folder.js';
import { unzipped } from './support/unzipped.js';

function releasedFile(): string {
  const filename = join(temporaryFolder(), 'store.db');
  copyFileSync(new URL('./fixtures/sqlite-version-1.db', import.meta.url), filename);
  return filename;
}

/** Files of earlier versions: what they are, a copy, and how far back each can be read and told. */
const FILES: readonly [string, () => string, number, number, number][] = [
  ['of version 1', releasedFile, 0, 0, 9],
  ['of version 1, in the middle of sweeping', () => unzipped('sqlite-version-1-sweeping.db.gz'), 5, 3, 6],
  ['of version 2', () => unzipped('sqlite-version-2.db.gz'), 0, 0, 5],
  ['of version 3', () => unzipped('sqlite-version-3.db.gz'), 0, 0, 5],
  ['of version 4', () => unzipped('sqlite-version-4.db.gz'), 0, 0, 6],
  ['of version 2 that was of version 1', () => unzipped('sqlite-version-2-from-1.db.gz'), 9, 0, 12],
];

const BACKENDS: readonly [string, (filename: string) => Storage][] = [
  ['better-sqlite3', (filename) => createBetterSqlite3Storage({ filename })],
  ['sql.js', (filename) => createSqlJsStorage({ filename })],
];

const CASES = FILES.flatMap((file) => BACKENDS.map((backend) => [...file, ...backend] as const));

async function all(entries: AsyncIterable<Entry>): Promise<Entry[]> {
  const found: Entry[] = [];
  for await (const entry of entries) found.push(entry);
  return found;
}

async function pastOf(storage: Storage, from: number, to: number): Promise<Entry[][]> {
  const past: Entry[][] = [];
  for (let at = from; at <= to; at++) past.push(await all(storage.entries({ at })));
  return past;
}

test.each(CASES)(
  'a file %s says how far back it can be read (%#)',
  async (_, copy, readable, told, current, __, open) => {
    const storage = open(copy());
    expect(await storage.stats()).toMatchObject({ revision: current, oldestRevision: readable });
    if (readable > 0) {
      await expect(storage.entries({ at: readable - 1 }).next()).rejects.toMatchObject({
        code: 'STORAGE_COMPACTED',
        details: { at: readable - 1, oldest: readable, current },
      });
    }
    const watch = storage.watch({ after: told });
    for (let revision = told + 1; revision <= current; revision++) {
      expect((await watch.next()).value?.revision).toBe(revision);
    }
    const logged: number[] = [];
    for await (const { revision } of storage.log({ after: told })) logged.push(revision);
    expect(logged).toEqual(Array.from({ length: current - told }, (_, i) => told + 1 + i));
    await storage.close();
  },
);

test.each(CASES)(
  'what a file %s was can be read as its commits say, and still can after more of them (%#)',
  async (_, copy, readable, __, current, ___, open) => {
    const filename = copy();
    const first = open(filename);
    const past = await pastOf(first, readable, current);
    const nows = await all(first.entries());
    expect(past.at(-1)).toEqual(nows);
    await first.close();

    const database = new Database(filename, { readonly: true });
    const counts = database.prepare(
      'SELECT gtype_count, manifest_count, transformer_count FROM commits WHERE revision = ?',
    );
    for (const [i, entries] of past.entries()) {
      const count = (kind: string): number => entries.filter((entry) => entry.kind === kind).length;
      const expected = readable + i === 0 ? [0, 0, 0] : counts.raw().get(readable + i);
      if (expected === undefined) continue; // the last one that is forgotten
      expect([count('gtype'), count('manifest'), count('transformer')], `at ${readable + i}`).toEqual(
        expected,
      );
    }
    database.close();

    const storage = open(filename);
    const [record] = nows;
    if (record === undefined) throw new Error('There is nothing in it.');
    await storage.commit([
      { put: record.kind, value: record.value } as never,
      { put: 'gtype', value: gtype('z') },
    ]);
    await storage.commit([{ delete: record.kind, key: record.key } as never]);
    await storage.clear();
    await storage.storeGType(gtype('z', 'again'));
    expect(await pastOf(storage, readable, current)).toEqual(past);
    for (const entry of nows) {
      const { kind, key } = entry;
      expect(await storage.get({ kind, key } as never, { at: current })).toEqual(entry);
    }
    expect(await all(storage.entries({ at: current + 3 }))).toEqual([]);
    await storage.close();
  },
);

test('a file of an earlier version is of the current one on the disk before sql.js adds a commit to its log', async () => {
  const filename = unzipped('sqlite-version-2.db.gz');
  const storage = createSqlJsStorage({ filename });
  await storage.open();
  const database = new Database(filename, { readonly: true });
  expect(database.pragma('user_version', { simple: true })).toBe(MIGRATIONS.length);
  database.close();
  await storage.close();
});
