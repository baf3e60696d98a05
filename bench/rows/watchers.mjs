// What a commit costs while many watch.
import { EventEmitter } from 'node:events';
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import { createPostgresStorage } from '@gati-framework/storage-postgres';
import { manifest } from '../records.mjs';
import { ours } from '../stores/ours.mjs';
import { sqliteByHand } from '../stores/sqlite.mjs';
import { verifyRecords } from '../stores/verify.mjs';

const WATCHERS = 1_000;
const COMMITS = 50;

export const watchers = {
  title: 'A thousand watchers',
  about:
    'From the call of a write to when the last of 1,000 watchers in the same process has it, one write after the other.',
  rows: [
    {
      name: 'watchers-sqlite',
      title: 'better-sqlite3',
      bound: 'Waking a thousand loops, each of which takes the event that all of them share.',
      measure: (_, bench) =>
        measureWatchers(
          bench,
          (name) => createBetterSqlite3Storage({ filename: `${bench.folder}/${name}.db` }),
          [emitterByHand(sqliteByHand(`${bench.folder}/watched-by-hand.db`))],
        ),
    },
    {
      name: 'watchers-postgres',
      title: 'PostgreSQL',
      bound: 'As above, and the round trip of the write.',
      measure: async (_, bench) => {
        const connectionString = await bench.postgres();
        return measureWatchers(bench, (schema) => createPostgresStorage({ connectionString, schema }), []);
      },
    },
  ],
};

/** Our storages are opened by `open`, in places of those names. */
async function measureWatchers(bench, open, others) {
  const contestants = [
    { who: 'ours', role: 'ours', ...(await watched(open('watched_by_many'), WATCHERS)) },
    { who: 'one watcher', role: 'floor', ...(await watched(open('watched_by_one'), 1)) },
    ...others,
  ];
  const figures = await bench.contest({
    rounds: 7,
    contestants,
    inputs: (round) => Array.from({ length: COMMITS }, (_, i) => manifest(i, 100 + round)),
    verify: (contestant, records) => verifyRecords(contestant.read, records),
  });
  for (const { close } of contestants) await close();
  return figures;
}

async function watched(storage, count) {
  const { write, read, close } = ours(storage);
  await storage.open();
  let missing = 0;
  let allHaveIt;
  const watch = async () => {
    for await (const { changes } of storage.watch({ after: 0 })) {
      if (changes.length !== 1) throw new Error(`a commit of ${changes.length} changes`);
      missing -= 1;
      if (missing === 0) allHaveIt();
    }
  };
  const all = Promise.all(Array.from({ length: count }, watch));
  return {
    call: async (record) => {
      missing = count;
      const delivered = new Promise((resolve) => {
        allHaveIt = resolve;
      });
      await write(record);
      await delivered;
    },
    read,
    close: async () => {
      await close();
      await all;
    },
  };
}

/** A write and an event, in one process and without a history. */
function emitterByHand({ write, read, close }) {
  const emitter = new EventEmitter().setMaxListeners(WATCHERS);
  let last;
  for (let i = 0; i < WATCHERS; i++) {
    emitter.on('change', (record) => {
      last = record;
    });
  }
  return {
    who: 'an EventEmitter, by hand',
    role: 'peer',
    call: async (record) => {
      await write(record);
      emitter.emit('change', record);
      if (last !== record) throw new Error('an event was not delivered');
    },
    read,
    close: async () => close(),
  };
}
