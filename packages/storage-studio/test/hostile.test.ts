import { type Change, createInMemoryStorage, type Storage } from '@gati-framework/manifest-store';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { manifest } from '../../../test/support/records.js';
import { LIMITS } from '../src/api/index.js';
import { type ServedStudio, serve } from './support/studio.js';

const MEGABYTES = 'x'.repeat(5 * 1024 * 1024);
/** Markup, a link that runs, signs that turn text round, half a character, and signs that a terminal obeys. */
const TRICKS =
  '<img src=x onerror=alert(1)> javascript:alert(1) \u202egnp.exe\u2066 \ud800 \u0007\u001b[2J\r\n\u2028';

let storage: Storage;
let served: ServedStudio;

beforeEach(async () => {
  storage = createInMemoryStorage();
  served = await serve(storage, { url: 'memory:' });
});

test('texts come back as they were stored, and only as JSON', async () => {
  await storage.storeManifest({ ...manifest('h', '1'), path: TRICKS, policies: { roles: [TRICKS] } });
  const { manifest: shown } = await served.ask('version', { id: 'h' });
  expect(shown).toMatchObject({ path: TRICKS, roles: [TRICKS] });
  const { headers, body } = await served.send('/api/version?id=h');
  expect(headers).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    'x-content-type-options': 'nosniff',
  });
  expect(body).not.toContain('\u001b');
});

test('a text of megabytes is cut where it is listed, searched by its beginning, and given whole when it is asked for', async () => {
  await storage.storeManifest({ ...manifest('h', '1'), path: MEGABYTES, method: [MEGABYTES, 'GET'] });
  const { items } = await served.ask('handlers', { q: 'xxx' });
  expect(JSON.stringify(items).length).toBeLessThan(20_000);
  const { manifest: shown, json } = await served.ask('version', { id: 'h' });
  expect(shown?.path).toEqual({ cut: 'x'.repeat(LIMITS.text), length: MEGABYTES.length });
  expect(json?.text).toHaveLength(LIMITS.json);
  const record = { kind: 'manifest', key: 'h', key2: '1' } as const;
  const { json: cut } = await served.ask('record', record);
  expect(cut.text).toHaveLength(LIMITS.json);
  const { json: whole } = await served.ask('record', { ...record, all: true });
  expect(whole.text).toHaveLength(cut.length);
  expect(JSON.parse(whole.text)).toMatchObject({ path: MEGABYTES });
});

test('a cut leaves no half of a character', async () => {
  const path = `x${'\u{1f600}'.repeat(LIMITS.text)}`;
  await storage.storeManifest({ ...manifest('h', '1'), path });
  const { manifest: shown } = await served.ask('version', { id: 'h' });
  const { cut, length } = Object(shown?.path) as { cut: string; length: number };
  expect(cut.isWellFormed()).toBe(true);
  expect({ cut: cut.length, length }).toEqual({ cut: LIMITS.text - 1, length: path.length });
});

test('types that are wide, deep or turn in circles are expanded as far as there is room, and say what was left out', async () => {
  const field = (ref: string) => ({ type: { ref, kind: 'object' }, optional: true }) as const;
  const wide = Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`field${i}`, field('Wide')]));
  let deep: object = { ref: 'leaf', kind: 'primitive', primitiveType: 'string' };
  for (let i = 0; i < 90; i += 1) deep = { ref: `level${i}`, kind: 'array', items: deep };
  const chain = Array.from(
    { length: 2_000 },
    (_, i): Change => ({
      put: 'gtype',
      value: { ref: `Link${i}`, kind: 'object', properties: { next: field(`Link${(i + 1) % 2_000}`) } },
    }),
  );
  await storage.commit([
    { put: 'gtype', value: { ref: 'Wide', kind: 'object', properties: wide } },
    { put: 'gtype', value: { ...deep, ref: 'Deep' } as never },
    ...chain,
    {
      put: 'manifest',
      value: { ...manifest('h', '1'), gtypes: { request: 'Wide', response: 'Link0', params: 'Deep' } },
    },
  ]);
  const { type } = await served.ask('type', { ref: 'Wide' });
  expect((type.properties?.length ?? 0) + (type.more ?? 0)).toBe(3_000);
  expect(type.more).toBeGreaterThan(2_000);
  const { types } = await served.ask('version', { id: 'h' });
  expect(types).toHaveLength(3);
  const { body } = await served.send('/api/version?id=h');
  expect(body.length).toBeLessThan(500_000);
  expect((await served.ask('type', { ref: 'Deep' })).type).toMatchObject({
    kind: 'array',
    items: { kind: 'array' },
  });
  expect(await served.ask('impact', { of: 'gtype', name: 'Link1999', limit: 1 })).toMatchObject({
    items: [{ places: ['gtypes.response'], via: expect.objectContaining({ length: 2_000 }) }],
  });
});

test('ids that are no words make command lines that mean just them', async () => {
  const ids = ["it's", '--force', '$(reboot)', '`reboot`', 'a b', 'a\nb', '\u202e', '*', '<b>', '-'];
  for (const id of ids) await storage.storeManifest(manifest(id, '1'));
  const { items } = await served.ask('handlers');
  expect(items.map(({ handlerId }) => handlerId).sort()).toEqual([...ids].sort());
  for (const id of ids) {
    const { command } = await served.ask('handler', { id });
    expect(wordsOf(command)).toContain(id);
    expect(command).not.toMatch(/[\p{C}]/u);
  }
  expect((await served.ask('handler', { id: '--force' })).command).toBe(
    'gati-storage show --versions --store memory: -- --force',
  );
});

/** The words of a line, as a shell reads it: in quotes, in quotes with escapes, or plain. */
function wordsOf(line: string): string[] {
  const words: string[] = [];
  for (const [, escaped, plain] of line.matchAll(/\$'((?:[^'\\]|\\.)*)'|((?:'[^']*'|\\'|[^\s'])+)/g)) {
    if (escaped === undefined) words.push((plain ?? '').replace(/'([^']*)'|\\(')/g, '$1$2'));
    else words.push(bytesOf(escaped));
  }
  return words;
}

function bytesOf(escaped: string): string {
  const bytes = escaped.replace(/\\x([0-9a-f]{2})|\\(.)/g, (_, hex, sign) =>
    hex === undefined ? sign : String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString();
}

test('one handler that cannot be compared keeps no other from it', async () => {
  const handlers = ['a', 'b', 'c', 'd', 'e'];
  const put = (id: string, version: string, createdAt: number): Change => ({
    put: 'manifest',
    value: { ...manifest(id, version), createdAt, path: `/${version}` },
  });
  await storage.commit(handlers.map((id) => put(id, '1', 1)));
  const odd = {
    put: 'manifest',
    value: { ...manifest('c', '2'), createdAt: 2, gtypes: 7, policies: 8 },
  } as never;
  await storage.commit([...handlers.map((id) => put(id, '2', 2)), odd]);
  const { items } = await served.ask('compareFindings', { before: 'this@1' });
  expect(items.map(({ handlerId, verdict }) => [handlerId, verdict])).toEqual(
    handlers.map((id) => [id, id === 'c' ? 'unknown' : 'breaking']),
  );
});

test('records that are of no shape at all are shown as they are, by every view', async () => {
  const oddities = fc.oneof(
    fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, maxDepth: 3 }),
    fc.constantFrom<unknown>(null, Number.NaN, -0, [], {}, [null], [[]], TRICKS, { length: 1 }),
  );
  const field = fc.dictionary(
    fc.constantFrom(
      'path',
      'method',
      'gtypes',
      'hooks',
      'policies',
      'dependencies',
      'hash',
      'versions',
      'currentVersion',
      'deployment',
      'metrics',
      'compatibility',
      'properties',
      'items',
      'types',
      'validators',
      'required',
      'kind',
      'transformations',
    ),
    oddities,
  );
  // A handler whose types may be anything.
  await storage.commit([
    { put: 'manifest', value: { ...manifest('fine', '1'), createdAt: 1 } },
    {
      put: 'manifest',
      value: { ...manifest('fine', '2'), createdAt: 2, gtypes: { request: 'A', response: 'A' } },
    },
    {
      put: 'versionGraph',
      value: {
        handlerId: 'fine',
        currentVersion: '1',
        latestVersion: '2',
        versions: ['1', '2'].map((version, i) => ({
          version,
          manifestHash: 'h',
          deployedAt: 1,
          active: true,
          breaking: false,
          ...(i === 1 && { parent: '1' }),
        })),
      },
    },
  ]);
  await fc.assert(
    fc.asyncProperty(field, async (odd) => {
      const puts = [
        { put: 'manifest', value: { ...manifest('h', '1'), ...odd } },
        { put: 'manifest', value: { ...manifest('h', '2'), createdAt: 2, ...odd } },
        {
          put: 'versionGraph',
          value: { handlerId: 'h', versions: [], currentVersion: '1', latestVersion: '2', ...odd },
        },
        {
          put: 'hookManifest',
          value: { handlerId: 'h', version: '1', createdAt: 1, hooks: [odd, odd.hooks] },
        },
        { put: 'hookManifest', value: { handlerId: 'g', version: '1', createdAt: 1, ...odd } },
        { put: 'gtype', value: { ref: 'A', kind: 'object', ...odd } },
        { put: 'gtype', value: { ref: '#documents/A', kind: 'object', ...odd } },
        { put: 'timescapeMetadata', value: { handlerId: 'h', version: '1', fingerprint: '', ...odd } },
        {
          put: 'transformer',
          value: { id: 't', handlerId: 'h', fromVersion: '1', toVersion: '2', createdAt: 1, ...odd },
        },
      ] as never as Change[];
      // What may not be stored, such as what holds itself, is not what is asked about here.
      for (const change of puts) await storage.commit([change]).catch(() => {});
      const { revision } = await storage.stats();
      await served.ask('handlers', { q: 'a', sort: '-path', path: '**', role: 'x' });
      await served.ask('handlers', { q: 'onerror' });
      await served.ask('facets');
      await served.ask('handler', { id: 'h' });
      await served.ask('version', { id: 'h', version: '1' });
      await served.ask('type', { ref: 'A' });
      for (const of of ['gtype', 'hook', 'transformer', 'dependency'] as const)
        await served.ask('names', { of });
      await served.ask('impact', { of: 'gtype', name: 'A' });
      await served.ask('compareRecords', { before: 'this@0' });
      await served.ask('compareFindings', { before: `this@${revision - 1}` });
      await served.ask('compareVersions', { id: 'fine', before: '1', after: '2' });
      await served.ask('version', { id: 'fine', version: '2' });
      await served.ask('record', { kind: 'manifest', key: 'h', key2: '1', all: true });
      await served.ask('commits');
    }),
    { numRuns: 40, seed: 20_261_127 },
  );
});
