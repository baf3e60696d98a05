import { importDocument } from '@gati-framework/api-import';
import { createInMemoryStorage, type Storage, type VersionGraph } from '@gati-framework/manifest-store';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { contents, ok, openApi, refusalOf } from './support/documents.js';

const get = (operationId: string, type: unknown): object => ({
  get: { operationId, responses: ok(typeof type === 'string' ? { type } : type) },
});

/** A document of an operation `a`, and perhaps others, that answer with these types. */
function document(version: string, a: unknown, others: Readonly<Record<string, unknown>> = {}): string {
  const operations = Object.entries({ a, ...others }).map(([id, type]) => [`/${id}`, get(id, type)]);
  return openApi({ version, paths: Object.fromEntries(operations) as Record<string, unknown> });
}

async function store(...documents: readonly string[]): Promise<Storage> {
  const storage = createInMemoryStorage();
  for (const text of documents) await importDocument(storage, { text });
  return storage;
}

async function historyOf(storage: Storage, handlerId: string): Promise<string[]> {
  const graph = (await storage.getVersionGraph(handlerId)) as VersionGraph;
  const manifests = await storage.getAllManifestVersions(handlerId);
  expect(manifests.map(({ version }) => version)).toEqual(graph.versions.map(({ version }) => version));
  expect((await storage.getManifest(handlerId))?.version).toBe(graph.latestVersion);
  return graph.versions.map(
    ({ version, parent = '', breaking }) => `${parent}>${version}${breaking ? '!' : ''}`,
  );
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('an older document with the option insert', () => {
  test.each([
    ['numbers', '64', '66', '71'],
    ['dates', '2024-01-01', '2025-01-01', '2026-01-01'],
    ['versions', '1.0.0', '1.1.0', '1.2.0'],
  ])('takes its place in the history, versions being %s', async (_, first, older, last) => {
    const storage = await store(document(first, 'string'), document(last, 'boolean'));
    const report = await importDocument(storage, { text: document(older, 'number') }, { insert: true });
    expect(await historyOf(storage, 'a')).toEqual([`>${first}`, `${first}>${older}!`, `${older}>${last}!`]);
    expect(report).toMatchObject({
      added: [],
      changed: [],
      removed: [],
      inserted: [
        {
          handlerId: 'a',
          version: older,
          parent: first,
          breaking: true,
          next: { version: last, breaking: true },
        },
      ],
    });
  });

  test('has the marks of the next version compared anew', async () => {
    const limited = (maxLength: number): object => ({ type: 'string', maxLength });
    const storage = await store(document('1.0.0', limited(5)), document('3.0.0', limited(8)));
    expect(await historyOf(storage, 'a')).toEqual(['>1.0.0', '1.0.0>3.0.0!']);
    await importDocument(storage, { text: document('2.0.0', limited(9)) }, { insert: true });
    expect(await historyOf(storage, 'a')).toEqual(['>1.0.0', '1.0.0>2.0.0!', '2.0.0>3.0.0']);
  });

  test('becomes the first version where all are newer', async () => {
    const storage = await store(document('2.0.0', 'string'));
    const { inserted } = await importDocument(
      storage,
      { text: document('1.0.0', 'number') },
      { insert: true },
    );
    expect(await historyOf(storage, 'a')).toEqual(['>1.0.0', '1.0.0>2.0.0!']);
    expect(inserted[0]).not.toHaveProperty('parent');
  });

  test('finds room between versions of the same millisecond', async () => {
    vi.spyOn(Date, 'now').mockReturnValue(1_700_000_000_000);
    const storage = await store(document('1.0.0', 'string'), document('4.0.0', 'boolean'));
    for (const [version, type] of [
      ['2.0.0', 'number'],
      ['3.0.0', 'integer'],
    ] as const) {
      await importDocument(storage, { text: document(version, type) }, { insert: true });
    }
    expect((await historyOf(storage, 'a')).map((step) => step.split('>')[1])).toEqual([
      '1.0.0',
      '2.0.0!',
      '3.0.0',
      '4.0.0!',
    ]);
  });

  test('leaves alone what says the same as a neighbour, and what the latest document says of the API', async () => {
    const storage = await store(document('1', 'string'), document('3', 'boolean', { b: 'string' }));
    for (const [version, a] of [
      ['2', 'string'],
      ['2.5', 'boolean'],
    ] as const) {
      const report = await importDocument(storage, { text: document(version, a) }, { insert: true });
      expect(report).toMatchObject({ inserted: [], changed: [], removed: [] });
    }
    expect(await historyOf(storage, 'a')).toEqual(['>1', '1>3!']);
    const next = await importDocument(storage, { text: document('4', 'boolean') });
    expect(next.removed).toEqual(['b']);
  });

  test('is known when it comes again, with and without the option', async () => {
    const storage = await store(document('1', 'string'), document('3', 'boolean'));
    await importDocument(storage, { text: document('2', 'number') }, { insert: true });
    const before = await contents(storage);
    for (const insert of [true, false]) {
      await importDocument(storage, { text: document('2', 'number') }, { insert });
      expect(await contents(storage)).toEqual(before);
    }
  });

  test('is an ordinary import where nothing is newer', async () => {
    const storage = await store(document('1', 'string'));
    const report = await importDocument(storage, { text: document('2', 'number') }, { insert: true });
    expect(report).toMatchObject({ changed: [{ parent: '1', version: '2' }], inserted: [] });
  });

  test('takes the name that the user gave it', async () => {
    const storage = await store(document('1', 'string'), document('3', 'boolean'));
    const options = { insert: true, versionName: '2' };
    await importDocument(storage, { text: document('9', 'number') }, options);
    expect(await historyOf(storage, 'a')).toEqual(['>1', '1>2!', '2>3!']);
  });

  test('gives the same history as importing in order, whatever the order', async () => {
    const texts = ['string', 'number', 'boolean', 'integer'].map((type, i) => document(String(i + 1), type));
    const expected = await historyOf(await store(...texts), 'a');
    for (const order of [
      [3, 0, 1, 2],
      [3, 2, 1, 0],
      [1, 3, 0, 2],
      [2, 0, 3, 1],
    ]) {
      const storage = createInMemoryStorage();
      for (const i of order) await importDocument(storage, { text: texts[i] as string }, { insert: true });
      expect(await historyOf(storage, 'a')).toEqual(expected);
    }
  });
});

describe('an older document that cannot be inserted', () => {
  async function refusal(storage: Storage, text: string): Promise<string> {
    const before = await contents(storage);
    const error = await refusalOf(text, storage, { insert: true });
    expect(error).toMatchObject({ code: 'INVALID_DOCUMENT', path: 'info.version' });
    expect(await contents(storage)).toEqual(before);
    return error.message;
  }

  test('is refused where a document in between left the handler as it was before', async () => {
    const storage = await store(
      document('1', 'string'),
      document('3', 'string', { b: 'string' }),
      document('4', 'boolean'),
    );
    expect(await refusal(storage, document('2', 'number'))).toContain(
      'version 2 differs in "a" from 1, which 3 left as it was',
    );
  });

  test('is refused where the latest document left the handler as it was before', async () => {
    const storage = await store(document('1', 'string'), document('3', 'string', { b: 'string' }));
    expect(await refusal(storage, document('2', 'number'))).toContain('which 3 left as it was');
  });

  test('is refused beside a version whose name has no order', async () => {
    const storage = await store(document('1', 'string'), document('3', 'boolean'));
    await importDocument(storage, { text: document('4', 'integer') }, { versionName: 'amber' });
    expect(await refusal(storage, document('2', 'number'))).toContain('cannot be told by their names');
  });

  test('is refused where versions are not stored in order', async () => {
    const storage = await store(document('1', 'string'), document('4', 'boolean'));
    await importDocument(storage, { text: document('5', 'integer') }, { versionName: '2' });
    expect(await refusal(storage, document('3', 'number'))).toContain(
      'not stored in the order of their names',
    );
  });

  test('is refused under the name of another content', async () => {
    const storage = await store(document('1', 'string'), document('3', 'boolean'));
    expect(await refusal(storage, document('1', 'number'))).toContain('stored already, with other content');
  });

  test('is refused where the graph has another order', async () => {
    const storage = await store(document('1', 'string'), document('3', 'boolean'), document('5', 'integer'));
    const graph = (await storage.getVersionGraph('a')) as VersionGraph;
    const versions = graph.versions.map((node) => (node.version === '5' ? { ...node, parent: '1' } : node));
    await storage.storeVersionGraph({ ...graph, versions });
    expect(await refusal(storage, document('4', 'number'))).toContain('version 5 of "a" follows 1');
  });
});
