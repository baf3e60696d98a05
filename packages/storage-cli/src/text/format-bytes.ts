const UNITS = ['KiB', 'MiB', 'GiB', 'TiB'] as const;

/** `812 B`, `1.4 MiB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let shown = 'B';
  for (const unit of UNITS) {
    if (value < 1024) break;
    value /= 1024;
    shown = unit;
  }
  return `${shown === 'B' || value >= 100 ? Math.round(value) : value.toFixed(1)} ${shown}`;
}
