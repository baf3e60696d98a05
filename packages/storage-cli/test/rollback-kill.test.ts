import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import type { Change, Storage } from '@gati-framework/manifest-store';
import { openStorage } from '@gati-framework/storage-tools';
import { expect, onTestFinished, test } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { BIN } from './support/command.js';

const RECORDS = 3_000;
const KILLS = 20;
const SEED = 20_261_127;

/** Numbers from 0 up to 1, the same for one seed: mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** At revision 1 many records. At 2 the first is gone, so that all others have to be stored again behind it, and some differ. */
async function fill(store: string): Promise<void> {
  await using storage = await openStorage(store);
  const put = (i: number, description: string): Change => ({
    put: 'gtype',
    value: gtype(`T${i}`, description.repeat(50)),
  });
  await storage.commit(Array.from({ length: RECORDS }, (_, i) => put(i, 'then')));
  const first: Change = { delete: 'gtype', key: { ref: 'T0' } };
  await storage.commit([first, put(1, 'now'), put(RECORDS, 'now')]);
}

/** Of all records in their order. */
async function digestOf(storage: Storage, at?: number): Promise<string> {
  const hash = createHash('sha256');
  for await (const { key, value } of storage.entries(at === undefined ? {} : { at }))
    hash.update(JSON.stringify([key, value]));
  return hash.digest('hex');
}

interface Attempt {
  /** By which it was ended, if it was. */
  readonly signal: NodeJS.Signals | null;
  /** Milliseconds from its first output to its end. */
  readonly duration: number;
}

/** @param killAfter Milliseconds from the first output on, which comes before the commit begins. */
async function rollBack(store: string, killAfter?: number): Promise<Attempt> {
  const child = spawn(process.execPath, [BIN, 'rollback', '--to', '1', '--yes', '--store', store], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = once(child, 'exit');
  await once(child.stdout, 'data');
  child.stdout.resume();
  const begin = performance.now();
  const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfter);
  const [, signal] = await ended;
  clearTimeout(timer);
  return { signal, duration: performance.now() - begin };
}

test(`a rollback that is killed at any of ${KILLS} moments (seed ${SEED}) happened as a whole or not at all`, async () => {
  const folder = temporaryFolder();
  const copy = async (name: string): Promise<string> => {
    await cp(join(folder, 'gati.db'), join(folder, name));
    return `sqlite:${join(folder, name)}`;
  };
  await fill(`sqlite:${join(folder, 'gati.db')}`);
  const undisturbed = await copy('undisturbed.db');
  const { duration } = await rollBack(undisturbed);
  await using whole = await openStorage(undisturbed);
  const [before, then] = [await digestOf(whole, 2), await digestOf(whole, 1)];
  expect(await digestOf(whole)).toBe(then);
  const random = randomFrom(SEED);
  const found = { killed: 0, before: 0, whole: 0 };
  for (let i = 0; i < KILLS; i++) {
    const store = await copy(`${i}.db`);
    const { signal } = await rollBack(store, random() * duration * 1.3);
    if (signal === 'SIGKILL') found.killed += 1;
    await using storage = await openStorage(store);
    const { revision } = await storage.stats();
    expect([2, 3]).toContain(revision);
    expect(await digestOf(storage)).toBe(revision === 2 ? before : then);
    found[revision === 2 ? 'before' : 'whole'] += 1;
    // Whatever was left behind is in nobody's way.
    await storage.storeGType(gtype('next'));
  }
  console.log(`seed ${SEED}: ${JSON.stringify(found)}`);
  expect(found.killed).toBeGreaterThan(KILLS / 4);
  expect(found.before).toBeGreaterThan(0);
}, 600_000);
