// Tells a leak from what only goes up and down.

/** What is left out at the beginning: caches fill, code is compiled, and the history comes to its length. */
const WARM_UP = 1 / 4;

/**
 * @typedef {object} Allowance What may be added to a figure from the end of the warm-up to the last sample.
 * @property {number} floor
 * @property {number} [share] Of what the figure is in the middle, beside the floor.
 */

/** By how much the samples have grown since the warm-up, on the line that fits them best. @param {readonly number[]} all */
export function growthOf(all) {
  const values = all.slice(Math.floor(all.length * WARM_UP));
  const slopes = values.flatMap((from, i) => values.slice(i + 1).map((to, j) => (to - from) / (j + 1)));
  // The middle of all slopes (Theil and Sen): one sample that was taken at a bad moment does not move it.
  return slopes.length === 0 ? 0 : middleOf(slopes) * (values.length - 1);
}

/**
 * The figures that grow by more than they may, each with by how much.
 *
 * @param {readonly Record<string, number>[]} samples At equal distances; what is only in some of them is not looked at.
 * @param {Readonly<Record<string, Allowance>>} allowances By name; a figure without one is not looked at.
 */
export function leaksIn(samples, allowances) {
  return Object.entries(allowances).flatMap(([name, { floor, share = 0 }]) => {
    const values = valuesOf(samples, name);
    if (values.length < samples.length) return [];
    const growth = growthOf(values);
    return growth > floor + share * middleOf(values)
      ? [{ name, growth, from: values[0], to: values.at(-1) }]
      : [];
  });
}

/** @param {readonly Record<string, number>[]} samples */
export function valuesOf(samples, name) {
  return samples.map((sample) => sample[name]).filter((value) => value !== undefined);
}

/** @param {readonly number[]} values */
function middleOf(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}
