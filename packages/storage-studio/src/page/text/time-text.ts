const UNITS = [
  ['year', 365 * 24 * 3600],
  ['month', 30 * 24 * 3600],
  ['day', 24 * 3600],
  ['hour', 3600],
  ['minute', 60],
] as const;

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'narrow' });
const absolute = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const day = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
});

/** How long ago: `3 hr. ago`. What a clock that is ahead says of the future is said so. */
export function agoText(time: number, now: number): string {
  const seconds = (time - now) / 1000;
  for (const [unit, length] of UNITS) {
    if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit);
  }
  return 'just now';
}

/** In the time of whoever looks: `27 Nov 2026, 14:03:21`. */
export function timeText(time: number): string {
  return isDate(time) ? absolute.format(time) : 'no date';
}

export function dayText(time: number): string {
  return isDate(time) ? day.format(time) : 'no date';
}

/** A store may hold any number for a time. */
export function isDate(time: number): boolean {
  return !Number.isNaN(new Date(time).getTime());
}

/** A length of time: `1 min`, `1,500 ms`. */
export function durationText(milliseconds: number): string {
  const [unit, length] = (
    [
      ['h', 3_600_000],
      ['min', 60_000],
      ['s', 1000],
    ] as const
  ).find(([, one]) => milliseconds >= one && milliseconds % one === 0) ?? ['ms', 1];
  return `${(milliseconds / length).toLocaleString('en')} ${unit}`;
}
