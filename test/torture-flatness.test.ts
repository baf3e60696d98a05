import { describe, expect, test } from 'vitest';
import { growthOf, leaksIn } from '../torture/harness/flatness.mjs';
import { Random } from '../torture/harness/seeds.mjs';

const SEED = 20_261_127;
const SAMPLES = 144;

/** Ten megabytes that go up and down by one, and by `leak` more with each sample. */
function heap(leak: number): { heap: number }[] {
  const random = new Random(SEED);
  return Array.from({ length: SAMPLES }, (_, i) => ({ heap: 10e6 + random.below(1e6) + leak * i }));
}

describe(`what is flat (seed ${SEED}):`, () => {
  const allowances = { heap: { floor: 1e6, share: 0.05 } };

  test('what only goes up and down does not grow', () => {
    expect(Math.abs(growthOf(heap(0).map((sample) => sample.heap)))).toBeLessThan(0.3e6);
    expect(leaksIn(heap(0), allowances)).toEqual([]);
  });

  test('a leak that is smaller in each sample than what goes up and down is told', () => {
    const [leak] = leaksIn(heap(20e3), allowances);
    expect(leak).toMatchObject({ name: 'heap', growth: expect.any(Number) });
    // Of the three quarters that are looked at.
    expect(leak?.growth).toBeGreaterThan(0.9 * 0.75 * SAMPLES * 20e3);
  });

  test('what came in the first quarter is no leak, nor is a sample that was taken at a bad moment', () => {
    const warm = Array.from({ length: 40 }, (_, i) => ({ heap: 1e6 * Math.min(i, 10) }));
    expect(leaksIn(warm, allowances)).toEqual([]);
    const odd = heap(0).with(-1, { heap: 90e6 });
    expect(leaksIn(odd, allowances)).toEqual([]);
  });

  test('each figure is looked at by its own measure, and one without a measure is not', () => {
    const samples = Array.from({ length: 12 }, (_, i) => ({ descriptors: 20 + i, files: 3, steps: i }));
    const found = leaksIn(samples, { descriptors: { floor: 4 }, files: { floor: 1 } });
    expect(found.map(({ name }) => name)).toEqual(['descriptors']);
  });
});
