import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Change, Entry, Storage } from '@gati-framework/manifest-store';
import { RECORD_KIND_NAMES } from '@gati-framework/manifest-store/backend';
import { PAGE_BYTES, RecordStorage } from '@gati-framework/storage-kit';
import { SqliteRecordDriver, type SqliteRow } from '@gati-framework/storage-sqlite';
import { createSqlJsStorage } from '@gati-framework/storage-sqljs';
import { expect, test, vi } from 'vitest';
import { resolveOptions as resolveSqlJs } from '../../packages/storage-sqljs/dist/options.js';
import { SqlJsHost } from '../../packages/storage-sqljs/dist/sqljs-host.js';
import { failStatement } from '../../packages/storage-sqljs/test/support/failing-statements.js';
import { gtype } from '../support/records.js';
import { sharedFileParts } from '../support/shared-file-parts.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { backend } from './support/backend.js';

const MEBI = 1024 * 1024;

interface Limits {
  historyLimit?: number;
  scanIdleTimeout?: number;
}

interface Opened {
  readonly storage: Storage;
  readonly driver: SqliteRecordDriver;
}

/** sql.js runs anywhere, so once is enough. */
const withSqlJs = backend.name === 'better-sqlite3';

const BACKENDS: [string, (limits?: Limits) => Opened][] = [
  [
    backend.name,
    (limits) => {
      const filename = join(temporaryFolder(), 'store.db');
      const { driver, options } = sharedFileParts(backend.driver, { filename, ...limits });
      return { driver, storage: new RecordStorage(driver, options) };
    },
  ],
  [
    `${backend.name} in memory`,
    (limits) => {
      const { driver, options } = sharedFileParts(backend.driver, { filename: ':memory:', ...limits });
      return { driver, storage: new RecordStorage(driver, options) };
    },
  ],
];
if (withSqlJs) {
  BACKENDS.push([
    'sql.js',
    (limits) => {
      const options = resolveSqlJs({ filename: join(temporaryFolder(), 'store.db'), ...limits });
      const driver = new SqliteRecordDriver(new SqlJsHost(options), options);
      return { driver, storage: new RecordStorage(driver, options) };
    },
  ]);
}

const ALL = { kinds: RECORD_KIND_NAMES, handlerId: undefined };

/** MiB of text of each of the records; the last is bigger than a page. */
const SIZES = [1, 1, 1, 1, 1, 3, 1, 1, 0.1, 0.1, 6];

async function fill(storage: Storage): Promise<void> {
  for (const [i, size] of SIZES.entries()) await storage.storeGType(gtype(`t${i}`, 'x'.repeat(size * MEBI)));
}

test.each(BACKENDS)(
  'a page of history holds no more text than it may, or one commit (%s)',
  async (_, open) => {
    const { driver, storage } = open();
    await fill(storage);
    const pages: number[][] = [];
    for (let after = 0; after < SIZES.length; ) {
      const page = await driver.history(after, 256);
      expect(page.length).toBeGreaterThan(0);
      expect(page.map(({ revision }) => revision)).toEqual(page.map((_, i) => after + 1 + i));
      pages.push(page.map(({ changes }) => (changes[0] as { text: string }).text.length));
      after += page.length;
    }
    expectBounded(pages);
    await storage.close();
  },
);

test.each(BACKENDS)(
  'a page of history goes through no more than itself and what follows it (%s)',
  async (_, open) => {
    const { driver, storage } = open();
    await storage.open();
    const looked = await countCommitsLookedAt(driver);
    const commits = 30;
    for (let i = 0; i < commits; i++) await storage.storeGType(gtype(`t${i}`, 'x'.repeat(MEBI)));
    const page = await driver.history(0, 256);
    expect(page.length).toBeLessThan(commits / 2);
    expect(looked()).toBe(page.length + 1);
    await storage.close();
  },
);

/** How many commits the statement that finds those of a page has yielded. */
async function countCommitsLookedAt(driver: SqliteRecordDriver): Promise<() => number> {
  let count = 0;
  await driver.use((database) => {
    const prepare = database.prepare.bind(database);
    database.prepare = <Row extends SqliteRow>(sql: string) => {
      const statement = prepare<Row>(sql);
      if (!/commit_change_count, commit_revision/.test(sql)) return statement;
      const counted = (row: Row): Row => {
        count += 1;
        return row;
      };
      return {
        run: (...params) => statement.run(...params),
        get: (...params) => statement.get(...params),
        all: (...params) => statement.all(...params).map(counted),
        *iterate(...params) {
          for (const row of statement.iterate(...params)) yield counted(row);
        },
      };
    };
  });
  return () => count;
}

test.each(BACKENDS)(
  'a page of a scan holds no more text than it may, or one record (%s)',
  async (_, open) => {
    const { driver, storage } = open();
    await fill(storage);
    const pages: number[][] = [];
    const keys: string[] = [];
    for await (const page of driver.scan(ALL)) {
      pages.push(page.map(({ text }) => text.length));
      keys.push(...page.map(({ key }) => key[0] as string));
    }
    expect(keys).toEqual(SIZES.map((_, i) => `t${i}`));
    expectBounded(pages);
    await storage.close();
  },
);

function expectBounded(pages: readonly number[][]): void {
  expect(pages.flat()).toHaveLength(SIZES.length);
  expect(pages.length).toBeLessThan(SIZES.length);
  for (const page of pages) {
    const size = page.reduce((sum, length) => sum + length, 0);
    if (page.length > 1) expect(size).toBeLessThanOrEqual(PAGE_BYTES);
  }
}

test.each(BACKENDS)(
  'an iteration shows one moment, whatever is written and forgotten meanwhile (%s)',
  async (_, open) => {
    const { storage } = open({ historyLimit: 10 });
    const refs = Array.from({ length: 300 }, (_, i) => `t${i}`);
    await storage.commit(refs.map((ref): Change => ({ put: 'gtype', value: gtype(ref, 'old') })));
    const entries = storage.entries();
    const found: Entry[] = [(await entries.next()).value as Entry];
    await storage.commit(refs.map((ref): Change => ({ put: 'gtype', value: gtype(ref, 'new') })));
    await storage.commit([
      { delete: 'gtype', key: { ref: 't5' } },
      { put: 'gtype', value: gtype('late') },
    ]);
    await storage.clear();
    for (let i = 0; i < 50; i++) await storage.storeGType(gtype('t7', String(i)));
    for await (const entry of entries) found.push(entry);
    expect(found.map(({ value }) => value)).toEqual(refs.map((ref) => gtype(ref, 'old')));
    expect(new Set(found.map(({ revision }) => revision))).toEqual(new Set([1]));

    // And then what it held back is forgotten.
    for (let i = 0; i < 20; i++) await storage.storeGType(gtype('t7', String(i)));
    await expect(storage.watch({ after: 3 }).next()).rejects.toMatchObject({ code: 'STORAGE_COMPACTED' });
    await storage.close();
  },
);

test.each(BACKENDS)('an iteration that nobody goes on with is ended (%s)', async (_, open) => {
  const { storage } = open({ scanIdleTimeout: 20, historyLimit: 10 });
  for (let i = 0; i < 200; i++) await storage.storeGType(gtype(`t${i}`));
  const entries = storage.entries();
  await entries.next();
  const goOn = async (): Promise<void> => {
    for await (const _ of entries);
  };
  // Longer than allowed, by a timer that is set after the other one and fires after it.
  await new Promise((resolve) => setTimeout(resolve, 40));
  await expect(goOn()).rejects.toMatchObject({
    code: 'STORAGE_UNAVAILABLE',
    message: expect.stringContaining('scanIdleTimeout'),
  });
  await storage.storeGType(gtype('after'));
  let count = 0;
  for await (const _ of storage.entries()) count += 1;
  expect(count).toBe(201);
  await storage.close();
});

test.runIf(withSqlJs)('fake timers end no iteration', async () => {
  const storage = createSqlJsStorage();
  for (let i = 0; i < 200; i++) await storage.storeGType(gtype(`t${i}`));
  vi.useFakeTimers();
  try {
    const entries = storage.entries();
    await entries.next();
    vi.advanceTimersByTime(600_000);
    let count = 1;
    for await (const _ of entries) count += 1;
    expect(count).toBe(200);
  } finally {
    vi.useRealTimers();
    await storage.close();
  }
});

test('a write-ahead log that an iteration made grow is given back', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const storage = backend.create({ filename, historyLimit: 10 });
  const write = async (): Promise<void> => {
    const description = 'x'.repeat(MEBI);
    for (let i = 0; i < 40; i++) await storage.storeGType(gtype('big', description));
  };
  await storage.storeGType(gtype('first'));
  const entries = storage.entries();
  await entries.next();
  await write();
  expect(statSync(`${filename}-wal`).size).toBeGreaterThan(32 * MEBI);
  await entries.return?.();
  await write();
  expect(statSync(`${filename}-wal`).size).toBeLessThanOrEqual(18 * MEBI);
  await storage.close();
});

test.runIf(withSqlJs)(
  'an iteration whose database was opened anew is ended with an error, not with less',
  async () => {
    const storage = createSqlJsStorage({ filename: join(temporaryFolder(), 'store.db') });
    await storage.commit(
      Array.from({ length: 200 }, (_, i): Change => ({ put: 'gtype', value: gtype(`t${i}`) })),
    );
    const entries = storage.entries();
    await entries.next();
    await failStatement('COMMIT', new Error('out of memory'));
    await storage.storeGType(gtype('new'));
    const goOn = async (): Promise<void> => {
      for await (const _ of entries);
    };
    await expect(goOn()).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    let count = 0;
    for await (const _ of storage.entries()) count += 1;
    expect(count).toBe(201);
    await storage.close();
  },
);
