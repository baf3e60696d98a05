/** The middle of `values`, and what a quarter of them is below and above. */
export function spread(values) {
  const sorted = sortedCopy(values);
  return { median: quantile(sorted, 0.5), low: quantile(sorted, 0.25), high: quantile(sorted, 0.75) };
}

export function median(values) {
  return quantile(sortedCopy(values), 0.5);
}

/** @param {ArrayLike<number>} sorted Ascending. */
export function quantile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

export function sortedCopy(values) {
  return Float64Array.from(values).sort();
}
