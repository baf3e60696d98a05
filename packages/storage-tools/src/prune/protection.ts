import { StorageError } from '@gati-framework/manifest-store';

/**
 * Whether one of these patterns names a version: by its name, or by its handler and its name,
 * `users.get@1.0.0`; `*` stands for anything. Ids of handlers hold all signs that other patterns use.
 *
 * @throws StorageError `INVALID_OPTIONS` for a pattern that is empty.
 */
export function protectionOf(patterns: readonly string[]): (handlerId: string, version: string) => boolean {
  const tests = patterns.map((pattern) => {
    if (pattern === '')
      throw new StorageError('INVALID_OPTIONS', '--protect names no version.', { path: 'protect' });
    const test = new RegExp(`^${pattern.split('*').map(escaped).join('.*')}$`, 'su');
    return pattern.includes('@')
      ? (handlerId: string, version: string) => test.test(`${handlerId}@${version}`) || test.test(version)
      : (_: string, version: string) => test.test(version);
  });
  return (handlerId, version) => tests.some((test) => test(handlerId, version));
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
