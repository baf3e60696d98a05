import {
  type ConformanceCase,
  type ConformanceTarget,
  conformanceCases,
  runCase,
  setPatience,
} from '@gati-framework/storage-testkit';
import { describeConformance } from '@gati-framework/storage-testkit/vitest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { brokenBackends, targetOver } from './broken/index.js';
import { ReferenceStorage } from './broken/reference-storage.js';

describeConformance(
  'the storage that the broken ones are made of',
  targetOver((disk, options) => new ReferenceStorage(disk, options)),
);

describe.each(brokenBackends)('$bug', ({ group, caughtBy, model, create }) => {
  beforeAll(() => setPatience(1_000)); // some hang
  afterAll(() => setPatience(10_000));

  test(`is caught by ${group}`, async () => {
    const failure = await firstFailure(group, targetOver(create), caughtBy);
    expect(failure, 'no case failed').toBeDefined();
  });

  if (model) {
    test('is caught by random calls as well', async () => {
      expect(await firstFailure('model', targetOver(create)), 'no case failed').toBeDefined();
    });
  }
});

test('every broken backend is broken in a way of its own', () => {
  const bugs = brokenBackends.map(({ bug }) => bug);
  expect(new Set(bugs).size).toBe(bugs.length);
  expect(bugs.length).toBeGreaterThanOrEqual(30);
});

test('every group of the suite catches something', () => {
  const groups = new Set(brokenBackends.map(({ group }) => group));
  for (const { group } of conformanceCases) if (group !== 'model') expect(groups).toContain(group);
});

/** The first case of a group that fails, or the one of this name if it does, with its error. */
async function firstFailure(group: string, target: ConformanceTarget, named?: string): Promise<unknown> {
  for (const testCase of casesOf(group, named)) {
    const failure = await runCase(testCase, target).then(
      () => undefined,
      (error: unknown) => ({ testCase: testCase.name, error }),
    );
    if (failure !== undefined) return failure;
  }
  return undefined;
}

function casesOf(group: string, named?: string): readonly ConformanceCase[] {
  const cases = conformanceCases.filter(
    (testCase) => testCase.group === group && (named === undefined || testCase.name === named),
  );
  if (cases.length === 0) throw new Error(`there is no case of ${group} named ${named}`);
  return cases;
}
