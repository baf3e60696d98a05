import assert from 'node:assert/strict';
import type { Storage } from '@gati-framework/manifest-store';
import type { ConformanceCase } from '../conformance-case.js';
import { fieldOf } from '../untyped.js';
import { cases } from './cases.js';
import { currentGraph, expecting, graphKey, putGraph } from './graph-under-test.js';
import { numbers, oneByOne } from './helpers.js';

/** Adds one to a counter in the graph, trying again whenever somebody else was faster. */
async function increment(storage: Storage): Promise<void> {
  for (;;) {
    const entry = await storage.get(graphKey);
    const next = Number(entry?.value.currentVersion ?? 0) + 1;
    try {
      await storage.commit([putGraph(`${next}`)], expecting(entry?.revision ?? null));
      return;
    } catch (error) {
      if (fieldOf(error, 'code') !== 'STORAGE_CONFLICT') throw error;
    }
  }
}

export const compareAndSetRaceCases: readonly ConformanceCase[] = cases('compare-and-set', ['commit'], {
  'of many that expect the same revision at once, exactly one succeeds': async ({ full }) => {
    for (const revision of [null, 1, 2, 3]) {
      const outcomes = await Promise.allSettled(
        numbers(12).map((n) => full.commit([putGraph(`${revision} ${n}`)], expecting(revision))),
      );
      const winners = outcomes.flatMap((outcome, i) => (outcome.status === 'fulfilled' ? [i + 1] : []));
      assert.equal(winners.length, 1, `${winners.length} of 12 commits that expected ${revision} succeeded`);
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') assert.equal(outcome.reason.code, 'STORAGE_CONFLICT');
      }
      assert.equal(await currentGraph(full), `${revision} ${winners[0]}`);
    }
    assert.equal((await full.stats()).revision, 4);
  },
  'no increment is lost when many read, add and commit at once': async ({ full }) => {
    await Promise.all(numbers(4).map(() => oneByOne(5, () => increment(full))));
    assert.equal(await currentGraph(full), '20');
    assert.equal((await full.stats()).revision, 20);
  },
});
