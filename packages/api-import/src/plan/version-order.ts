/** Whether one version precedes another, for versions that are ordered; others never do. */
export function isOlder(name: string, than: string): boolean {
  const a = parseVersion(name);
  const b = parseVersion(than);
  if (a === undefined || b === undefined || a.isDate !== b.isDate) return false;
  for (const [i, number] of a.numbers.entries()) {
    const other = b.numbers[i] ?? 0; // a parsed version has as many as any other
    if (number !== other) return number < other;
  }
  if (a.prerelease === b.prerelease) return false;
  if (a.prerelease === '') return false;
  return b.prerelease === '' || a.prerelease.localeCompare(b.prerelease, 'en', { numeric: true }) < 0;
}

export interface ParsedVersion {
  readonly numbers: readonly [major: number, minor: number, patch: number];
  readonly prerelease: string;
  readonly isDate: boolean;
}

const NUMBERS = /^v?(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?(?:-([0-9A-Za-z.-]+))?(?:\+.*)?$/;
const DATE = /^(\d{4})-(\d\d)-(\d\d)(?:[-.]([0-9A-Za-z.-]+))?(?:\+.*)?$/;

/** `1.10.0-rc.1`, `v2`, `71`, or a date such as `2026-11-26`. */
export function parseVersion(text: string): ParsedVersion | undefined {
  const date = DATE.exec(text);
  const match = date ?? NUMBERS.exec(text);
  if (match === null) return undefined;
  const [, major, minor = '0', patch = '0', prerelease = ''] = match;
  return {
    numbers: [Number(major), Number(minor), Number(patch)],
    prerelease,
    isDate: date !== null,
  };
}
