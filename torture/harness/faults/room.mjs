// What takes the room away that a store needs to grow, and gives it back.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { now } from '../child/report.mjs';

/** Bytes that the log of a store may still grow by, at most: a record, so that one of them is written in part. */
const NEARLY_NOTHING = 2_000;
const LOGS = ['store.db-wal', 'store.db-oplog'];
/** Bytes of what others put into an etcd. */
const LARGE = 1_000_000;

/**
 * @typedef {object} Shortage
 * @property {ReadonlySet<string>} codes What writes may be refused with.
 * @property {RegExp} names What the message of such an error says.
 * @property {(client: import('../client.mjs').Client, random: import('../seeds.mjs').Random) => unknown} begin
 * @property {(client: import('../client.mjs').Client) => unknown} end
 */

/** Of files on a small disk. @param {import('./small-disk.mjs').SmallDisk} disk @returns {Record<string, Shortage>} */
export function fileShortages(disk) {
  return {
    'the disk is full': {
      codes: new Set(['STORAGE_FULL']),
      names: /store\.db/,
      begin: () => disk.fill(),
      end: () => disk.free(),
    },
    'files may not grow': {
      // SQLite tells a write beyond the limit as an I/O error like any other.
      codes: new Set(['STORAGE_FULL', 'STORAGE_FAILED']),
      names: /store\.db/,
      begin: ({ child }, random) => limitFiles(child, sizeOfLog(disk) + random.below(NEARLY_NOTHING)),
      end: ({ child }) => limitFiles(child, 'unlimited'),
    },
  };
}

/** Of the place of a store in a server. @param {import('./small-disk.mjs').SmallDisk} disk @returns {Record<string, Shortage>} */
export function tablespaceShortages(disk) {
  const { 'the disk is full': full } = fileShortages(disk);
  return { 'the tablespace is full': { ...full, names: /"no_room"/ } };
}

/** Of an etcd of one member with a quota. @param {import('../../../test/support/etcd/cluster.mjs').EtcdCluster} cluster @returns {Record<string, Shortage>} */
export function quotaShortages(cluster) {
  return {
    'an alarm of the quota': {
      codes: new Set(['STORAGE_FULL']),
      names: /alarm disarm/,
      begin: () => untilAlarm(cluster),
      end: (client) => makeRoom(cluster, client),
    },
  };
}

/** As `ulimit -f`, of a process that runs. */
function limitFiles(child, bytes) {
  const { status, stderr } = spawnSync('prlimit', [`--pid=${child.pid}`, `--fsize=${bytes}:unlimited`]);
  if (status !== 0) throw new Error(`The limit is not set: ${stderr}`);
}

function sizeOfLog(disk) {
  const there = LOGS.map((name) => disk.path(name)).filter((path) => existsSync(path));
  return Math.max(0, ...there.map((path) => statSync(path).size));
}

/** Others fill it with the past of one key, until it takes nothing from anybody. */
async function untilAlarm(cluster) {
  let refusal;
  do refusal = await refusalOf(cluster, LARGE);
  while (refusal === undefined);
  if (!refusal.includes('space exceeded')) throw new Error(refusal);
}

/** As its documentation tells operators. */
async function makeRoom(cluster, client) {
  const { ctl } = cluster;
  const [{ Status: status }] = await ctl.ask('endpoint', 'status');
  // What is still to be removed would be copied, and leave room in a file that is as large as before.
  await ctl.run('compaction', '--physical=true', String(status.header.revision));
  await ctl.run('defrag');
  // Whoever found no room before gives the alarm, perhaps again.
  await client.answeredUntil(now());
  do await ctl.run('alarm', 'disarm');
  while ((await refusalOf(cluster, 1)) !== undefined);
}

/** Of a put by its gateway, as a command takes no text as large. */
async function refusalOf({ members: [member] }, bytes) {
  const inBase64 = (text) => Buffer.from(text).toString('base64');
  const body = JSON.stringify({ key: inBase64('of others'), value: inBase64('x'.repeat(bytes)) });
  const response = await fetch(`${member.url}/v3/kv/put`, { method: 'POST', body });
  return response.ok ? undefined : await response.text();
}
