import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { openStorage } from '../src/index.js';
import { fillInChild, type Told } from './support/children.js';
import { NEW_STORES } from './support/stores.js';

const SEED = 20_261_127;
const KILLS = 20;
const RECORDS = 2_000;
/** A line for each 50 records that are stored, and that are compared. */
const LINES = (2 * RECORDS) / 50;
/** Of a process that goes on after it told how far it is, so that moments in between come up as well. */
const LONGEST_DELAY = 12;

test.each([
  ['copy', 'SQLite'],
  ['copy', 'PostgreSQL'],
  ['restore', 'SQLite'],
  ['restore', 'PostgreSQL'],
] as const)(
  'a %s to %s that is killed has stored nothing, or everything',
  async (how, to) => {
    const folder = temporaryFolder();
    const store = `sqlite:${join(folder, 'source.db')}`;
    const archive = join(folder, 'source.jsonl');
    await fillInChild(['records', String(RECORDS), store]);
    await fillInChild(['export', store, archive]);
    const random = randomOf(SEED);
    const found = { nothing: 0, everything: 0 };
    let target = NEW_STORES[to]();
    for (let kill = 0; kill < KILLS; kill += 1) {
      await killed(
        [how, how === 'copy' ? store : archive, target],
        Math.floor(random() * LINES),
        random() * LONGEST_DELAY,
      );
      const stored = await countIn(target);
      expect([0, RECORDS], `seed ${SEED}, kill ${kill}`).toContain(stored);
      if (stored === 0) found.nothing += 1;
      else {
        found.everything += 1;
        const again = await fillInChild([how, how === 'copy' ? store : archive, target]);
        expect(again?.report, `seed ${SEED}, kill ${kill}`).toMatchObject({
          outcome: 'unchanged',
          records: RECORDS,
        });
        target = NEW_STORES[to]();
      }
    }
    console.log(`${how} to ${to}, seed ${SEED}: ${JSON.stringify(found)}`);
    expect(found.nothing).toBeGreaterThan(0);
    expect(found.everything).toBeGreaterThan(0);
    const whole = await fillInChild([how, how === 'copy' ? store : archive, target]);
    expect(whole?.report).toMatchObject({ records: RECORDS, verified: true });
  },
  600_000, // ends what hangs, also on a machine with much else to do
);

/** Runs a child, and kills it a moment after it told so many lines. */
async function killed(args: readonly string[], lines: number, delay: number): Promise<void> {
  const kill = async (_: Told, count: number, child: ChildProcess): Promise<void> => {
    if (count !== lines + 1) return;
    await pause(delay);
    child.kill('SIGKILL');
  };
  await fillInChild(args, { onTold: (...told) => void kill(...told) });
}

async function countIn(url: string): Promise<number> {
  const storage = await openStorage(url);
  try {
    const { manifestCount } = await storage.stats();
    let read = 0;
    for await (const _ of storage.entries()) read += 1;
    expect(read).toBe(manifestCount);
    return read;
  } finally {
    await storage.close();
  }
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
