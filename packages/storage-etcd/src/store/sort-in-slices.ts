import { TimeSlice } from '@gati-framework/manifest-store/backend';

/** So many are sorted, or merged, at a time: well below a millisecond. */
const RUN = 1_000;

/** The items in order, in slices of time; equal ones stay in the order in which they were. */
export async function sortInSlices<T extends object>(
  items: readonly T[],
  compare: (a: T, b: T) => number,
): Promise<T[]> {
  const slice = new TimeSlice();
  let runs: T[][] = [];
  for (let i = 0; i < items.length; i += RUN) {
    if (slice.isOver) await slice.next();
    runs.push(items.slice(i, i + RUN).sort(compare));
  }
  while (runs.length > 1) {
    const merged: T[][] = [];
    for (let i = 0; i < runs.length; i += 2) {
      const steps = merge(runs[i] ?? [], runs[i + 1] ?? [], compare);
      let step = steps.next();
      for (; step.done !== true; step = steps.next()) if (slice.isOver) await slice.next();
      merged.push(step.value);
    }
    runs = merged;
  }
  return runs[0] ?? [];
}

/** Two runs as one; yields now and then. */
function* merge<T extends object>(
  left: readonly T[],
  right: readonly T[],
  compare: (a: T, b: T) => number,
): Generator<void, T[]> {
  const merged: T[] = [];
  let [i, j] = [0, 0];
  while (i < left.length || j < right.length) {
    if (merged.length % RUN === 0) yield;
    const [a, b] = [left[i], right[j]];
    if (a !== undefined && (b === undefined || compare(a, b) <= 0)) {
      merged.push(a);
      i += 1;
    } else if (b !== undefined) {
      merged.push(b);
      j += 1;
    }
  }
  return merged;
}
