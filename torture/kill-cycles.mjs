// Kills writing processes with SIGKILL at random moments, again and again on
// one file, and checks after each kill that nothing acknowledged is lost, that
// no batch is there in part, and that the database is sound. The moments are
// counted in acknowledgements, not in milliseconds: a busy machine is slower,
// and proves no less.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { BACKENDS } from './backends.mjs';
import { integrityOf } from './integrity.mjs';
import { BATCH_SIZE } from './records.mjs';

const WRITER = fileURLToPath(new URL('./writer.mjs', import.meta.url));

/** A writer is killed after fewer acknowledgements than this; sometimes before its first. */
const MOST_ACKNOWLEDGEMENTS = 60;

/**
 * @param {{ filename: string, cycles: number, seed: number, backends: readonly string[], checkers?: readonly string[], onCycle?: (cycle: number, acknowledged: number) => void }} options
 * `backends` take turns on the file: one is killed while it writes, the next one checks what it left, or one of those
 * that run here.
 * @returns {Promise<{ cycles: number, acknowledged: number, demanded: number }>} `demanded` is how many
 * acknowledgements the writers had to give before they were killed; the seed alone decides it.
 */
export async function runKillCycles(options) {
  const { filename, cycles, seed, backends, checkers = backends, onCycle = () => {} } = options;
  const random = randomNumbers(seed);
  const known = { a: newKnowledge(), b: newKnowledge() };
  let acknowledged = 0;
  let demanded = 0;
  for (let cycle = 0; cycle < cycles; cycle++) {
    // Every third cycle two processes write at once; the other one goes on while the first is killed.
    const backend = backends[cycle % backends.length];
    const writers = cycle % 3 === 2 ? { a: backend, ...secondOf(backend, backends) } : { a: backend };
    const names = Object.keys(writers);
    const first = cycle * 1_000_000;
    const moments = names.map(() => ({
      acknowledgements: Math.floor(random() * MOST_ACKNOWLEDGEMENTS),
      fraction: random(),
    }));
    for (const { acknowledgements } of moments) demanded += acknowledgements;
    const lines = await Promise.all(
      names.map((name, i) => runAndKill([writers[name], filename, name, String(first)], moments[i])),
    );
    names.forEach((name, i) => {
      for (const line of lines[i]) note(known[name], line);
      acknowledged += lines[i].length;
    });
    const checker = checkers[(cycle + 1) % checkers.length];
    await verify(checker, filename, known, `seed ${seed}, cycle ${cycle}, ${backend} checked by ${checker}`);
    onCycle(cycle, acknowledged);
  }
  return { cycles, acknowledged, demanded };
}

/** Who writes at the same time as one that shares the file: the next of those that do. */
function secondOf(backend, backends) {
  const shared = backends.filter((name) => BACKENDS[name].isShared);
  const place = shared.indexOf(backend);
  return place < 0 ? {} : { b: shared[(place + 1) % shared.length] };
}

/**
 * Kills a writer after so many acknowledgements and a fraction of the time that one takes here: that of the
 * process to start, when it is to give none.
 */
async function runAndKill(writerArguments, { acknowledgements, fraction }) {
  const spawned = performance.now();
  const [backend] = writerArguments;
  const child = spawn(BACKENDS[backend].execPath, [WRITER, ...writerArguments], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stderr.on('data', (data) => (errors += data));
  await new Promise((resolve, reject) => {
    let started;
    let isDue = false;
    child.on('exit', () => reject(new Error(`the writer ended by itself: ${errors}`)));
    child.stdout.on('data', (data) => {
      started ??= performance.now();
      output += data;
      const heard = output.split('\n').length - 2; // the first line says that it started, the last is unfinished
      if (isDue || heard < acknowledgements) return;
      isDue = true;
      const now = performance.now();
      const each = heard === 0 ? now - spawned : (now - started) / heard;
      setTimeout(resolve, fraction * each);
    });
  });
  child.removeAllListeners('exit');
  child.kill('SIGKILL');
  await once(child, 'close'); // what was written to the pipe before the kill is still read
  assert.equal(errors, '');
  const lines = output.split('\n');
  lines.pop(); // empty, or cut off by the kill: then its write was acknowledged and nobody heard
  return lines.filter((line) => !line.startsWith('started'));
}

/** What the parent knows of one writer: the highest number acknowledged for each slot and for the batch. */
function newKnowledge() {
  return { singles: new Map(), batch: -1 };
}

function note(knowledge, line) {
  const words = line.split(' ');
  const number = Number(words.at(-1));
  if (words[0] === 'batch') knowledge.batch = Math.max(knowledge.batch, number);
  else knowledge.singles.set(words[1], Math.max(knowledge.singles.get(words[1]) ?? -1, number));
}

async function verify(backend, filename, known, where) {
  const storage = BACKENDS[backend].create(filename);
  try {
    for (const [writer, { singles, batch }] of Object.entries(known)) {
      for (const [slot, number] of singles) {
        const stored = await storage.getManifest(`${writer}.single`, `slot-${slot}`);
        assert.ok(
          Number(stored?.hash) >= number,
          `${where}: slot ${slot} of ${writer} lost write ${number}: ${stored?.hash}`,
        );
      }
      const members = await Promise.all(
        Array.from({ length: BATCH_SIZE }, (_, i) => storage.getGType(`${writer}.batch.${i}`)),
      );
      const numbers = new Set(members.map((member) => member?.description));
      assert.equal(numbers.size, 1, `${where}: a batch of ${writer} is there in part: ${[...numbers]}`);
      assert.ok(
        batch < 0 || Number([...numbers][0]) >= batch,
        `${where}: batch ${batch} of ${writer} is lost`,
      );
    }
    await verifyHistory(storage, where);
  } finally {
    await storage.close();
  }
  assert.equal(await integrityOf(filename), 'ok', where);
}

/** The log and the records tell the same story. */
async function verifyHistory(storage, where) {
  const { revision, manifestCount } = await storage.stats();
  let manifests = 0;
  for await (const entry of storage.entries({ kinds: ['manifest'] })) {
    manifests += 1;
    assert.ok(entry.revision <= revision, `${where}: a record is newer than the store`);
  }
  assert.equal(manifests, manifestCount, `${where}: the count is off`);
  const after = Math.max(0, revision - 20);
  let expected = after;
  if (expected === revision) return;
  for await (const event of storage.watch({ after })) {
    expected += 1;
    assert.equal(event.revision, expected, `${where}: the history has a gap`);
    if (expected === revision) break;
  }
}

/** Mulberry32: small, seeded, good enough to spread the kills. */
function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
