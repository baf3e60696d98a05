// The storage in etcd against etcd's own put, through the same client, on three members on this machine.
//
// Their data is in memory where there is a place for that (/dev/shm), so that the disk of this machine is not what is
// measured; the ratios are, which are of one run: node bench/etcd.mjs
import { createEtcdStorage } from '@gati-framework/storage-etcd';
import { EtcdClient } from '../packages/storage-etcd/dist/client/etcd-client.js';
import { resolveOptions } from '../packages/storage-etcd/dist/options/options.js';
import { EtcdCluster } from '../test/support/etcd/cluster.mjs';
import { formatTime } from './measure/format.mjs';
import { quantile, sortedCopy } from './measure/statistics.mjs';
import { manifest } from './records.mjs';

const ROUNDS = 9;
const DEPLOYMENT = 6_000;

const cluster = await EtcdCluster.start({ size: 3 });
const { endpoints } = cluster;
const client = new EtcdClient(resolveOptions({ endpoints }));
const storage = createEtcdStorage({ endpoints, prefix: 'bench' });
const other = createEtcdStorage({ endpoints, prefix: 'bench' });
let count = 0;

try {
  await Promise.all([storage.open(), other.open()]);
  await compare('durable writes, one caller', 40, {
    ours: () => oneByOne(40, write),
    put: () => oneByOne(40, put),
  });
  await compare('durable writes, 64 callers', 1_280, {
    ours: () => atOnce(64, 20, write),
    put: () => atOnce(64, 20, put),
  });
  await compare(
    `a deployment of ${DEPLOYMENT} records`,
    1,
    { ours: deploy, put: () => atOnce(64, DEPLOYMENT / 64, put) },
    2,
  );
  await compare(
    'a commit until another storage tells it',
    1,
    { ours: hearing(), put: await hearingOfEtcd() },
    200,
  );
  await compare('strong reads, one caller', 40, {
    ours: () => oneByOne(40, read),
    put: () => oneByOne(40, rangeOfOne),
  });
} finally {
  await Promise.all([storage.close(), other.close()]);
  client.close();
  await cluster.destroy();
}

/** In turns, so that what else the machine does concerns both. */
async function compare(what, operations, { ours, put: theirs }, rounds = ROUNDS) {
  const times = { ours: [], theirs: [] };
  for (let round = rounds < ROUNDS ? 0 : -1; round < rounds; round += 1) {
    for (const [who, run] of [
      ['ours', ours],
      ['theirs', theirs],
    ]) {
      const start = performance.now();
      await run();
      if (round >= 0) times[who].push(((performance.now() - start) * 1e6) / operations);
    }
  }
  const median = (who) => quantile(sortedCopy(times[who]), 0.5);
  const [mine, etcd] = [median('ours'), median('theirs')];
  console.log(`${what}: ${formatTime(mine)}, etcd ${formatTime(etcd)}, ratio ${(mine / etcd).toFixed(2)}`);
}

async function oneByOne(times, work) {
  for (let i = 0; i < times; i += 1) await work();
}

async function atOnce(callers, times, work) {
  await Promise.all(Array.from({ length: callers }, () => oneByOne(times, work)));
}

function next() {
  count += 1;
  return manifest(count, 1);
}

async function write() {
  await storage.storeManifest(next());
}

async function put() {
  const record = next();
  await client.txn({
    success: [{ op: 'put', key: `own/${count}`, value: Buffer.from(JSON.stringify(record)) }],
  });
}

async function deploy() {
  await storage.commit(Array.from({ length: DEPLOYMENT }, () => ({ put: 'manifest', value: next() })));
}

async function read() {
  await storage.get({
    kind: 'manifest',
    key: { handlerId: manifest(1, 1).handlerId, version: manifest(1, 1).version },
  });
}

async function rangeOfOne() {
  await client.range({ key: `own/${count}` });
}

function hearing() {
  const watch = other.watch();
  return async () => {
    const heard = watch.next();
    await write();
    await heard;
  };
}

async function hearingOfEtcd() {
  let heard = () => {};
  const key = 'own/watched';
  await new Promise((begun) => {
    void client.watch(
      { key },
      ({ created, puts }) => {
        if (created) begun();
        if (puts.length > 0) heard();
      },
      (error) => {
        if (error.status !== 1 && error.status !== 14) throw error;
      },
    );
  });
  return async () => {
    const hearingIt = new Promise((resolve) => {
      heard = resolve;
    });
    await client.txn({ success: [{ op: 'put', key, value: Buffer.from(JSON.stringify(next())) }] });
    await hearingIt;
  };
}
