// Writes without end, and says on standard output what was acknowledged. It is
// meant to be killed. Every record carries the number of the write that made it.
//
// Usage: node writer.mjs <backend> <file> <writer name> <first number>
import { writeSync } from 'node:fs';
import { BACKENDS } from './backends.mjs';
import { BATCH_SIZE, batchRecord, SINGLE_SLOTS, singleRecord } from './records.mjs';

const [backend, filename, writer, first] = process.argv.slice(2);
const storage = BACKENDS[backend].create(filename);
let number = Number(first);

// Synchronous, so that an acknowledgement is out before the next write begins.
const acknowledge = (type, n) => writeSync(1, `${type} ${n}\n`);

async function writeSingles(lane) {
  for (;;) {
    const n = number++;
    await storage.storeManifest(singleRecord(writer, (n * 4 + lane) % SINGLE_SLOTS, n));
    acknowledge(`single ${(n * 4 + lane) % SINGLE_SLOTS}`, n);
  }
}

async function writeBatches() {
  for (;;) {
    const n = number++;
    await storage.commit(
      Array.from({ length: BATCH_SIZE }, (_, i) => ({ put: 'gtype', value: batchRecord(writer, i, n) })),
    );
    acknowledge('batch', n);
  }
}

writeSync(1, 'started 0\n');
await Promise.all([writeSingles(0), writeSingles(1), writeSingles(2), writeBatches()]);
