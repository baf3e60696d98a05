// What it takes to look at the past of a large SQLite file, each time from its opening.
//
// What bounds it: `entries()` follows an index, with `at` as without, and with it goes through what was changed since first. `log()`
// looks up each commit, and each change that it lists.
//
// Usage: node bench/past.mjs [records]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import { formatTime } from './measure/format.mjs';
import { median } from './measure/statistics.mjs';

const RECORDS = Number(process.argv[2] ?? 1_000_000);
const ROUNDS = 11;
/** Commits after the large one, each of a few records. */
const COMMITS = 100;

const gtype = (i, description) => ({
  put: 'gtype',
  // In no order of keys.
  value: { ref: `type-${(i * 7_919) % 1_000_003}`, kind: 'object', description },
});

async function* all() {
  for (let i = 0; i < RECORDS; i++) yield gtype(i, 'x'.repeat(150));
}

async function first(iterator) {
  await iterator.next();
  await iterator.return();
}

async function drain(iterator) {
  for await (const _ of iterator);
}

const folder = mkdtempSync(join(tmpdir(), 'gati-past-'));
const filename = join(folder, 'store.db');
try {
  const storage = createBetterSqlite3Storage({ filename });
  const begun = performance.now();
  await storage.commit(all());
  console.log(
    `a commit of ${RECORDS} records from an iterator: ${formatTime((performance.now() - begun) * 1e6)}`,
  );
  for (let n = 0; n < COMMITS; n++)
    await storage.commit([0, 1, 2].map((k) => gtype(n * 3 + k, `changed ${n}`)));
  const { revision } = await storage.stats();
  await storage.close();
  const key = { ref: 'type-0' };
  const questions = {
    'the last 20 commits': (opened) => drain(opened.log({ reverse: true, limit: 20 })),
    'the first record of now': (opened) => first(opened.entries()),
    'the first record of 3 commits ago': (opened) => first(opened.entries({ at: revision - 3 })),
    'one record of 90 commits ago': (opened) => opened.get({ kind: 'gtype', key }, { at: revision - 90 }),
  };
  for (const [name, ask] of Object.entries(questions)) {
    const times = [];
    for (let round = 0; round < ROUNDS; round++) {
      const opened = createBetterSqlite3Storage({ filename });
      await opened.open();
      const start = performance.now();
      await ask(opened);
      times.push((performance.now() - start) * 1e6);
      await opened.close();
    }
    console.log(`${name}: ${formatTime(median(times))}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
