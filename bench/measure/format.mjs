/** @param {number} value @param {string} unit `ns`, `ms`, `bytes` or `MiB`. */
export function formatValue(value, unit) {
  if (unit === 'ns') return formatTime(value);
  if (unit === 'ms') return formatTime(value * 1e6);
  return `${value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 1 : 0 })} ${unit}`;
}

export function formatTime(nanoseconds) {
  if (nanoseconds < 1_000) return `${nanoseconds.toFixed(0)} ns`;
  if (nanoseconds < 1_000_000) return `${(nanoseconds / 1_000).toFixed(1)} us`;
  if (nanoseconds < 1_000_000_000) return `${(nanoseconds / 1_000_000).toFixed(1)} ms`;
  return `${(nanoseconds / 1e9).toFixed(1)} s`;
}

/** @param {number} ratio */
export function formatRatio(ratio) {
  if (ratio < 0.1) return `${Number(ratio.toPrecision(1))}x`;
  return `${ratio.toFixed(ratio < 10 ? 2 : ratio < 100 ? 1 : 0)}x`;
}
