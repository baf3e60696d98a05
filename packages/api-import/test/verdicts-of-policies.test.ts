import { HandlerComparer, TypeUniverse } from '@gati-framework/api-import';
import type { HandlerManifest } from '@gati-framework/manifest-store';
import { expect, test } from 'vitest';
import { manifest } from '../../../test/support/records.js';

type Policies = HandlerManifest['policies'];

const types = new TypeUniverse((ref) => ({ ref, kind: 'object', properties: {} }));

function differences(before: Policies | undefined, after: Policies | undefined): string[] {
  const [older, newer] = [before, after].map((policies) => ({ ...manifest('a', '1'), policies }));
  if (older === undefined || newer === undefined) return [];
  return new HandlerComparer(types, types)
    .compare(older, newer)
    .filter(({ where }) => where === 'policies')
    .map(({ what, verdict }) => `${verdict}: ${what}`);
}

const limit = (requests: number, window: number): Policies => ({ rateLimit: { limit: requests, window } });

test.each<[Policies | undefined, Policies | undefined, string[]]>([
  [{}, {}, []],
  [{ roles: [] }, {}, []],
  [undefined, { roles: ['a'] }, []],
  [{}, { roles: ['a', 'b'] }, ['breaking: now need one of the roles a, b']],
  [{ roles: ['a'] }, {}, ['compatible: no longer need a role']],
  [{ roles: ['a', 'b'] }, { roles: ['b', 'a'] }, []],
  [
    { roles: ['a', 'b'] },
    { roles: ['b', 'c'] },
    ['breaking: no longer accept the role a', 'compatible: now accept the role c, too'],
  ],
  [{}, limit(5, 1000), ['unknown: now allow 5 requests in 1000 ms']],
  [limit(5, 1000), limit(5, 1000), []],
  [limit(5, 1000), limit(6, 900), ['compatible: now allow 6 requests in 900 ms, was 5 in 1000 ms']],
  [limit(5, 1000), limit(6, 1100), ['unknown: now allow 6 requests in 1100 ms, was 5 in 1000 ms']],
  [limit(5, 1000), limit(4, 1000), ['unknown: now allow 4 requests in 1000 ms, was 5 in 1000 ms']],
  [limit(5, 1000), {}, ['compatible: no longer limit how often callers may call']],
])('policies %j that become %j', (before, after, expected) => {
  expect(differences(before, after)).toEqual(expected);
});
