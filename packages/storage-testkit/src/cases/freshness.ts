import assert from 'node:assert/strict';
import type { Storage } from '@gati-framework/manifest-store';
import { within } from '../assertions/deadline.js';
import { assertSame } from '../assertions/same.js';
import type { ConformanceCase } from '../conformance-case.js';
import { recordProbes } from '../record-probe.js';
import { hookManifest, manifest, transformer } from '../records.js';
import { cases, type Runs } from './cases.js';
import { currentGraph, expecting, graphKey, putGraph } from './graph-under-test.js';
import { numbers, putType } from './helpers.js';
import { allEntries } from './iterating.js';

/** Everything that can be read of the records of round `round`, and what should be read. */
async function readAll(storage: Storage): Promise<unknown[]> {
  const read: unknown[] = [];
  for (const probe of recordProbes) read.push(await probe.read(storage, probe.make()));
  read.push(await storage.getManifest('users.create'));
  read.push(await storage.getAllManifestVersions('users.create'));
  read.push(await storage.listHookManifests());
  read.push(await storage.getTransformersForVersions('users.create', '1.0.0', '2.0.0'));
  return read;
}

function expectedOf(round: number): unknown[] {
  const records = recordProbes.map((probe) => probe.make({ round }));
  const lists = [[manifest({ round })], [hookManifest({ round })], [transformer({ round })]];
  return [...records, manifest({ round }), ...lists];
}

/** Reads until what is read is new; only reads that began within the staleness may be old. */
async function readUntilFresh(storage: Storage, round: number, staleness: number): Promise<unknown[]> {
  const committed = Date.now();
  for (;;) {
    const isDue = Date.now() - committed > staleness;
    const read = await readAll(storage);
    if (isDue || JSON.stringify(read) === JSON.stringify(expectedOf(round))) return read;
  }
}

type WayToHear = readonly [name: string, (storage: Storage, round: number) => Promise<unknown>];

/** Ways in which a process can come to know a revision, each without a watch. */
const waysToHear: readonly WayToHear[] = [
  ['get', (storage) => storage.get(graphKey)],
  ['stats', (storage) => storage.stats()],
  ['an empty commit', (storage) => storage.commit([])],
  ['a commit of its own', (storage) => storage.commit([putType('own')])],
  ['a conflict', (storage) => storage.commit([putGraph('x')], expecting(null)).catch(() => {})],
  ['a read of what it had not read before', (storage, round) => storage.getGType(`New ${round}`)],
];

const showsNothingOlder = ([way, hear]: WayToHear): Runs => ({
  [`nothing is read that is older than what ${way} has shown`]: async ({ full, another }) => {
    const other = await another();
    for (const n of numbers(6)) {
      await full.commit([putGraph(`${n}`), putType(`New ${n}`)]);
      await hear(other, n);
      assert.equal(await currentGraph(other), `${n}`, `the read after ${way}, round ${n}`);
    }
  },
});

export const freshnessCases: readonly ConformanceCase[] = [
  ...cases('freshness', ['multiProcess', 'commit'], ...waysToHear.map(showsNothingOlder), {
    'what was read before is read anew after another process has written, without any watch': async ({
      full,
      another,
      staleness,
    }) => {
      const other = await another();
      for (const round of numbers(4)) {
        for (const probe of recordProbes) await probe.store(full, probe.make({ round }));
        const read = await within(readUntilFresh(other, round, staleness), 'reads that are fresh');
        assertSame(read, expectedOf(round), `round ${round}`);
        assertSame(await readAll(other), expectedOf(round), `round ${round}, once more`);
      }
    },
  }),
  ...cases('freshness', ['multiProcess', 'commit', 'entries'], {
    'nothing is read that is older than what an iteration has shown': async ({ full, another }) => {
      const other = await another();
      for (const n of numbers(6)) {
        await full.commit([putGraph(`${n}`)]);
        await allEntries(other);
        assert.equal(await currentGraph(other), `${n}`, `the read after an iteration, round ${n}`);
      }
    },
  }),
  ...cases('freshness', ['multiProcess', 'commit', 'lifecycle'], {
    'health() tells the revision of the store, whoever committed': async ({ full, another }) => {
      const other = await another();
      for (const n of numbers(3)) {
        await full.commit([putGraph(`${n}`)]);
        assert.equal((await other.health()).revision, n, 'of the one that wrote nothing');
        assert.equal((await full.health()).revision, n, 'of the one that wrote');
      }
    },
  }),
];
