/** `120000 of 500000 records, 24%, 12000/s, 32 s left`. */
export function formatProgress(
  { unit, total }: { readonly unit: string; readonly total?: number | undefined },
  done: number,
  milliseconds: number,
): string {
  const rate = (done * 1000) / Math.max(milliseconds, 1);
  const parts = [total === undefined ? `${done} ${unit}` : `${done} of ${total} ${unit}`];
  // Others may add to a store while it is read.
  if (total !== undefined && total > 0) parts.push(`${Math.floor(Math.min(1, done / total) * 100)}%`);
  parts.push(`${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s`);
  if (total !== undefined && rate > 0 && done < total)
    parts.push(`${formatDuration((total - done) / rate)} left`);
  return parts.join(', ');
}

/** @param seconds Rounded up. Two units at most: `45 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function formatDuration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const [size, unit, smaller, name] = UNITS.find(([least]) => whole >= least) ?? UNITS[2];
  const rest = Math.floor((whole % size) / smaller);
  return `${Math.floor(whole / size)} ${unit}${rest === 0 ? '' : ` ${rest} ${name}`}`;
}

const UNITS = [
  [86_400, 'd', 3600, 'h'],
  [3600, 'h', 60, 'min'],
  [60, 'min', 1, 's'],
] as const;
