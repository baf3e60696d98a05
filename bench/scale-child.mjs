// Usage: node --expose-gc scale-child.mjs <memory|better-sqlite3> <manifests> <file> [fill]
import { createInMemoryStorage } from '@gati-framework/manifest-store';
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import { median } from './measure.mjs';
import { manifest, shuffled } from './records.mjs';

const [backend, countText, filename, step] = process.argv.slice(2);
const count = Number(countText);
const VERSIONS = 10;
const READS = 20_000;
const recordAt = (i) => manifest(Math.floor(i / VERSIONS), i % VERSIONS);

const before = usedMemory();
const storage = backend === 'memory' ? createInMemoryStorage() : createBetterSqlite3Storage({ filename });
const start = performance.now();
await storage.open();
const opened = performance.now() - start;
if (step === 'fill' || backend === 'memory') await fill();
if (step !== 'fill') {
  // All over the store, and among a thousand records that are asked for again and again.
  const anywhere = shuffled(count, READS).map(recordAt);
  const hot = shuffled(1_000, READS).map((i) => recordAt(Math.floor((i * count) / 1_000)));
  const readAnywhere = await timeReads(anywhere);
  const readHot = await timeReads(hot);
  console.log(JSON.stringify({ opened, readAnywhere, readHot, memory: usedMemory() - before }));
}
await storage.close();

async function fill() {
  for (let i = 0; i < count; i += 1_000) {
    await storage.commit(
      Array.from({ length: Math.min(1_000, count - i) }, (_, k) => ({
        put: 'manifest',
        value: recordAt(i + k),
      })),
    );
  }
}

/** Nanoseconds a read, in the middle of several rounds. */
async function timeReads(records) {
  const keys = records.map(({ handlerId, version }) => [handlerId, version]);
  const times = [];
  for (let round = 0; round < 7; round++) {
    const roundStart = process.hrtime.bigint();
    for (const [handlerId, version] of keys) await storage.getManifest(handlerId, version);
    times.push(Number(process.hrtime.bigint() - roundStart) / keys.length);
  }
  return median(times);
}

function usedMemory() {
  globalThis.gc();
  return process.memoryUsage().rss;
}
