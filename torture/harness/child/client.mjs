// A client of a store, in a process of its own: does what a seed decides, several things at a time, and tells of each
// before and after. It is meant to be killed, stopped and interfered with.
//
// Usage: node client.mjs <settings as JSON>, with a pipe for what it tells as descriptor 3.
import { once } from 'node:events';
import { interfereAs } from '../faults/interfere.mjs';
import { MIXED } from '../operations.mjs';
import { Random } from '../seeds.mjs';
import { inspect } from './inspect.mjs';
import { Lane } from './lane.mjs';
import { errorForm, now, report } from './report.mjs';
import { Watching } from './watching.mjs';

/**
 * @typedef {object} ClientSettings
 * @property {string} backend A name of `backends.mjs`.
 * @property {string} place
 * @property {string} name Unique in a run: it begins the id of everything that the client does.
 * @property {number | string} seed
 * @property {number} lanes How many things it does at a time.
 * @property {number} operations How many it does in all; 0: until it is killed or told to end.
 * @property {object} [options] Of the storage.
 * @property {Readonly<Record<string, number>>} [weights]
 * @property {boolean} [watches]
 * @property {number} [pause] Milliseconds between two operations of a lane.
 * @property {object} [interference] What `faults/interfere.mjs` is to do.
 * @property {boolean} [inspects] Whether it tells at the end what the store holds, which nobody else can see.
 * @property {boolean} [waits] Whether it waits for a message before it opens the store.
 */

/** @type {ClientSettings} */
const settings = JSON.parse(process.argv[2]);
const { backend, place, name, seed, lanes, operations, options = {}, weights = MIXED } = settings;

process.on('unhandledRejection', (error) => report({ crash: errorForm(error) }));
process.on('disconnect', () => process.exit());
let isStopping = false;

await interfereAs(settings.interference);
const { BACKENDS } = await import('../backends.mjs');
process.send({ ready: true });
if (settings.waits) await once(process, 'message');
process.on('message', () => {
  isStopping = true;
});

const storage = await BACKENDS[backend].create(place, options);
report({ started: now() });
const seen = { revision: 0, revisions: new Map() };
const watching = settings.watches ? new Watching(storage, name, seen) : undefined;
const share = Math.ceil(operations / lanes);
await Promise.all(
  Array.from({ length: lanes }, (_, i) => {
    const lane = new Lane(storage, `${name}.${i}`, new Random(`${seed}/${name}/${i}`), { seen, weights });
    return lane.run(() => isStopping || (operations > 0 && lane.count >= share), settings.pause);
  }),
);
await watching?.end();
if (settings.inspects) await inspect(storage, 0).catch((error) => report({ failed: errorForm(error) }));
await storage.close().catch((error) => report({ closing: errorForm(error) }));
report({ ended: now() });
process.exit();
