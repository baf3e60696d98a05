// Writes to a store in PostgreSQL until it is told to stop, and tells the parent what became of every commit.
import { EventEmitter, once } from 'node:events';
import { createPostgresStorage } from '@gati-framework/storage-postgres';
import { pause } from './support.mjs';

const [connectionString, name, callers, mode, interval] = process.argv.slice(2);
/** Only one who commits for himself alone can read what he has written as it was. */
const mayLose = mode === 'asynchronous';
const storage = createPostgresStorage({
  ...{ connectionString, retryTimeout: 120_000, log: note },
  history: { changes: 10_000_000 },
});
const names = Array.from({ length: Number(callers) }, (_, caller) => `${name}-${caller}`);
/** What the parent wants: `write`, `pause` or `stop`. */
let wish = 'write';
let count = 0;
/** By caller. */
const underWay = new Map();
/** The last that the storage has said of its troubles. */
const said = [];
const wishes = new EventEmitter().setMaxListeners(0);

process.on('message', async (message) => {
  if (message.read !== undefined) {
    process.send({ found: await Promise.all(message.read.map(descriptionOf)) });
    return;
  }
  if (message === 'tell') {
    const waits = [...underWay].map(([caller, what]) => `${caller} ${what}`);
    process.send({ waits: [...waits, ...said].join('; ') });
    return;
  }
  wish = message;
  wishes.emit('change');
});
process.on('disconnect', () => process.exit());
process.on('unhandledRejection', (error) => process.send({ crash: String(error) }));

let resting = 0;
await Promise.all(names.map(write));
await storage.close();
process.send({ done: true }, () => process.exit());

function note(line) {
  said.push(`${new Date().toISOString()} ${line}`);
  if (said.length > 10) said.shift();
}

/** Resolves when there is to be written; all who wait together are told of to the parent. */
async function leave() {
  if (wish !== 'pause') return;
  resting += 1;
  if (resting === names.length) process.send({ paused: true });
  while (wish === 'pause') await once(wishes, 'change');
  resting -= 1;
}

async function descriptionOf(ref) {
  return (await storage.getGType(ref))?.description;
}

/** Two records a commit, so that half a commit would show; now and then with an expectation. */
async function write(caller) {
  let known;
  for (;;) {
    underWay.delete(caller);
    if (interval !== '0') await pause(Number(interval));
    await leave();
    if (wish === 'stop') return;
    count += 1;
    const id = `${caller}-${count}`;
    process.send({ begun: id });
    const graph = { handlerId: caller, currentVersion: id, latestVersion: id, versions: [] };
    const changes = [
      { put: 'versionGraph', value: graph },
      { put: 'gtype', value: { ref: caller, kind: 'object', description: id } },
    ];
    underWay.set(caller, `commits ${id}`);
    try {
      const expect = count % 3 === 0 && known !== undefined && !mayLose ? [known] : [];
      const revision = await storage.commit(changes, { expect });
      known = { kind: 'gtype', key: { ref: caller }, revision };
      process.send({ acknowledged: id, revision });
      underWay.set(caller, `reads ${id}`);
      if (!mayLose) await readBack(caller, id);
    } catch (error) {
      known = undefined;
      process.send({ failed: id, code: error.code ?? 'NO_STORAGE_ERROR', message: String(error) });
    }
  }
}

/** Nobody else writes this record, so whatever else is read is older than what was acknowledged. */
async function readBack(caller, id) {
  const found = await descriptionOf(caller);
  if (found === id) return;
  const asked = await storage.get({ kind: 'gtype', key: { ref: caller } });
  process.send({
    stale: `${id} was acknowledged, and ${found} read; then ${asked?.value.description} of revision ${asked?.revision}`,
  });
}
