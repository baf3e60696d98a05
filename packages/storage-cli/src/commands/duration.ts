import { InvalidArgumentError } from 'commander';

const UNITS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Of what is typed for an option. Milliseconds. */
export function duration(text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,7})([smhdw])$/.exec(text) ?? [];
  const factor = UNITS[unit];
  if (factor !== undefined) return Number(number) * factor;
  throw new InvalidArgumentError('It must be a number with s, m, h, d or w for its unit, such as 90d.');
}
