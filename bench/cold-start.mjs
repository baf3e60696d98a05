// How long a process takes from its start to its first answer from a file of 10,000 records, with
// the packages as they are published.
//
// What bounds it: compiling the modules of a backend, of which each file costs Node.js a third of a millisecond
// more, and the claim that a writer leaves beside the file so that others see it. sql.js also checks
// the whole file before it may replace it, which is most of the difference there.
//
// Usage: node bench/cold-start.mjs [rounds]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import { install } from './cold/install.mjs';
import { spread } from './measure/statistics.mjs';
import { manifest } from './records.mjs';

const RECORDS = 10_000;
const ASKED = manifest(5_000, 1);

const answer = (who) => (programs, file) => [programs.answer, who, file, ASKED.handlerId];
const show = (scheme) => (programs, file) => [
  programs.command,
  ...['show', ASKED.handlerId, '--store', `${scheme}:${file}`],
];

/** Each with the bare driver that does the same, and the arguments of Node.js. */
const CONTESTANTS = [
  { who: 'nothing', args: answer('nothing') },
  ...['better-sqlite3', 'sql.js'].flatMap((driver) => {
    const scheme = driver === 'sql.js' ? 'sqljs' : 'sqlite';
    const backend = driver === 'sql.js' ? 'storage-sqljs' : 'storage-better-sqlite3';
    return [
      { who: driver, args: answer(driver) },
      { who: backend, peer: driver, args: answer(backend) },
      { who: `openStorage ${scheme}:`, peer: driver, args: answer(`openStorage ${scheme}:`) },
      { who: `gati-storage show --store ${scheme}:`, peer: driver, args: show(scheme) },
    ];
  }),
];

/**
 * @returns For each contestant, the spread of its milliseconds and, where it has a peer, of how many they
 *   are more than the peer's in the same round.
 */
export async function measureColdStart(rounds = 15) {
  const folder = mkdtempSync(join(tmpdir(), 'gati-cold-start-'));
  try {
    const programs = await install(folder);
    const file = join(folder, 'gati.db');
    await fill(file);
    const times = new Map(CONTESTANTS.map(({ who }) => [who, []]));
    // The first round fills the caches of the file system.
    for (let round = -1; round < rounds; round++) {
      const order = round % 2 === 0 ? CONTESTANTS : CONTESTANTS.toReversed();
      for (const { who, args } of order) {
        const time = await timeToAnswer(args(programs, file));
        if (round >= 0) times.get(who).push(time);
      }
    }
    return CONTESTANTS.map(({ who, peer }) => {
      const more = peer && spread(times.get(who).map((time, i) => time - times.get(peer)[i]));
      return { who, ...spread(times.get(who)), ...(peer && { peer, more }) };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function fill(filename) {
  const storage = createBetterSqlite3Storage({ filename });
  const records = Array.from({ length: RECORDS }, (_, i) => manifest(i, 1));
  await storage.commit(records.map((value) => ({ put: 'manifest', value })));
  await storage.close();
}

/** From before the process is started until the answer is here, in milliseconds. */
async function timeToAnswer(args) {
  const start = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [text] = await once(child.stdout, 'data');
  const time = performance.now() - start;
  if (child.exitCode === null) await once(child, 'exit');
  if (args[1] !== 'nothing' && !String(text).includes(ASKED.path))
    throw new Error(`${args.join(' ')} did not answer ${ASKED.path}`);
  return time;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { who, median, low, high, peer, more } of await measureColdStart(
    Number(process.argv[2] ?? 15),
  )) {
    const compared = peer ? `${more.median >= 0 ? '+' : ''}${more.median.toFixed(1)} ms over ${peer}` : '';
    const cells = [who.padEnd(32), `${median.toFixed(1)} ms`.padStart(10)];
    console.log(...cells, `(${low.toFixed(1)} to ${high.toFixed(1)})`.padStart(18), ` ${compared}`);
  }
}
