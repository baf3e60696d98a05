// How soon another process hears of a commit.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createPostgresStorage } from '@gati-framework/storage-postgres';
import pg from 'pg';
import { withRatios } from '../measure/contest.mjs';
import { quantile, sortedCopy, spread } from '../measure/statistics.mjs';
import { manifest } from '../records.mjs';
import { ours } from '../stores/ours.mjs';

const COMMITS = 500;
const SCHEMAS = { ours: 'lag', 'by hand': 'lag_by_hand' };
const CHILD = fileURLToPath(new URL('../children/watch.mjs', import.meta.url));

export const watchLag = {
  title: 'Hearing of others',
  about:
    'From the call of a write in one process to when another has it; the median, and p99, of 500 of them one after the other. ' +
    'By hand: an upsert and `pg_notify` in one transaction, which carries nothing but a number and is not sent again when it is lost.',
  rows: [
    {
      name: 'watch-lag-postgres',
      title: 'PostgreSQL',
      bound: 'The notification, and the read of the feed that follows it.',
      measure: async (_, bench) => {
        const connectionString = await bench.postgres();
        const lags = [
          await lagsOf('ours', connectionString, await writerOfOurs(connectionString)),
          await lagsOf('by hand', connectionString, await writerByHand(connectionString)),
        ];
        const roles = [
          { who: 'ours', role: 'ours' },
          { who: 'by hand', role: 'floor' },
        ];
        return withRatios(
          roles.map((each, i) => describeLags(each, lags[i])),
          lags.map((values) => [quantile(sortedCopy(values), 0.5)]),
        );
      },
    },
  ],
};

async function writerOfOurs(connectionString) {
  const storage = createPostgresStorage({ connectionString, schema: SCHEMAS.ours });
  await storage.open();
  const { write, close } = ours(storage);
  return { write, close };
}

async function writerByHand(connectionString) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  const schema = SCHEMAS['by hand'];
  await client.query(
    `CREATE SCHEMA ${schema}; CREATE TABLE ${schema}.manifests (handler_id text, version text, value text, PRIMARY KEY (handler_id, version))`,
  );
  let number = 0;
  const text = `WITH put AS (INSERT INTO ${schema}.manifests VALUES ($1, $2, $3)) SELECT pg_notify('${schema}', $4)`;
  return {
    write: (record) => {
      number += 1;
      const values = [record.handlerId, record.version, JSON.stringify(record), String(number)];
      return client.query({ name: 'put_and_notify', text, values });
    },
    close: () => client.end(),
  };
}

/** Milliseconds, of each write. */
async function lagsOf(who, connectionString, { write, close }) {
  const child = fork(CHILD, [who, connectionString, SCHEMAS[who]]);
  await once(child, 'message');
  const heard = new Map();
  const allHeard = new Promise((resolve) => {
    child.on('message', ({ number, at }) => {
      heard.set(number, at);
      if (number === COMMITS) resolve();
    });
  });
  const called = [];
  for (let i = 0; i < COMMITS; i++) {
    called.push(performance.timeOrigin + performance.now());
    await write(manifest(i % 100, i));
  }
  await allHeard;
  child.disconnect();
  await close();
  return called.map((at, i) => heard.get(i + 1) - at);
}

function describeLags(contestant, lags) {
  const sorted = sortedCopy(lags);
  return { ...contestant, unit: 'ms', ...spread(lags), p99: quantile(sorted, 0.99), worst: sorted.at(-1) };
}
