import { TypeUniverse } from '@gati-framework/api-import';
import type { GType, Storage } from '@gati-framework/manifest-store';
import { breakingVersions, openStorage, readHandlers, versionNames } from '@gati-framework/storage-tools';
import { compareLatest } from '@gati-framework/storage-tools/compare';
import { revisionDifferences } from '@gati-framework/storage-tools/diff';
import { matchVersions } from '@gati-framework/storage-tools/filter';
import { storageAt } from '@gati-framework/storage-tools/history';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collect } from '../../storage-tools/test/support/collect.js';
import { type Backend, ownStore } from './support/backends.js';
import { commitAll, type KnownCommit, knownCommits } from './support/descriptions.js';
import { type ServedStudio, serve } from './support/studio.js';
import { walk } from './support/walk.js';

let known: readonly KnownCommit[];

beforeAll(async () => {
  known = await knownCommits();
});

describe.each<Backend>(['memory', 'SQLite', 'PostgreSQL'])('of a store in %s, the studio', (backend) => {
  let storage: Storage;
  let served: ServedStudio;
  /** What it said of revision 2 while that was the present. */
  let before: Record<string, object>;
  const ends: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    const store = await ownStore(backend);
    storage = await openStorage(store.url);
    ends.push(store.remove, () => storage.close());
    await commitAll(storage, known.slice(0, 2));
    served = await serve(storage, { url: store.url }, (end) => ends.push(end));
    before = await answersOf(served);
    await commitAll(storage, known.slice(2));
    // A list that is asked for has everything that was committed before.
    expect((await served.ask('handlers')).revision).toBe(4);
  });

  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });

  test('counts what there is', async () => {
    const overview = await served.ask('overview');
    const { revision, oldestRevision, ...stats } = await storage.stats();
    const handlers = await readHandlers(storage);
    expect(overview).toMatchObject({ revision, current: revision, oldestRevision });
    expect(Object.keys(overview.counts)).toHaveLength(6);
    expect(stats).toMatchObject(overview.counts);
    expect(overview.handlers).toEqual({
      handlers: handlers.length,
      versions: handlers.flatMap(versionNames).length,
      breaking: handlers.flatMap((one) => [...breakingVersions(one)]).length,
      statuses: { active: 1, decommissioned: 1 },
    });
    expect(overview).toMatchObject({ health: { status: 'ok' }, write: false, index: { state: 'ready' } });
    expect(overview.store.label).not.toMatch(/:[^:@/]+@/);
  });

  test('lists every handler once, part by part, with its latest version and its commit', async () => {
    const rows = await walk((cursor) => served.ask('handlers', { limit: 7, ...cursor }));
    const handlers = await readHandlers(storage);
    expect(rows.map(({ handlerId }) => handlerId)).toEqual(handlers.map(({ handlerId }) => handlerId));
    for (const [i, row] of rows.entries()) {
      const { manifests, graph } = handlers[i] ?? { manifests: [], graph: undefined };
      const latest = manifests.at(-1);
      expect(row).toMatchObject({
        version: latest?.version,
        path: latest?.path,
        methods: [latest?.method].flat(),
        versions: manifests.length,
        breaking: graph?.versions.find(({ version }) => version === latest?.version)?.breaking,
      });
      expect(known[row.commit.revision - 1]?.note).toBe(row.commit.note);
    }
  });

  test('jumps to the middle of a list, and sorts it either way', async () => {
    const all = await served.ask('handlers', { sort: 'path' });
    expect((await served.ask('handlers', { sort: 'path', offset: 30, limit: 5 })).items).toEqual(
      all.items.slice(30, 35),
    );
    const reversed = await served.ask('handlers', { sort: '-path' });
    expect(reversed.items).toEqual([...all.items].reverse());
    const [newest] = (await served.ask('handlers', { sort: '-deployed' })).items;
    expect(newest).toMatchObject({
      handlerId: 'orders.get',
      commit: { revision: 4, note: 'Ada deploys orders 2' },
    });
  });

  test.each([
    ['orders.g', undefined],
    ['/shop/ORDERS', { in: 'path', text: '/shop/orders/:id' }],
    ['auditor', { in: 'role', text: 'auditor' }],
    ['tracing', { in: 'dependency', text: 'tracing' }],
    ['order@2', { in: 'type', text: 'Order@2.0.0' }],
    // Of a type that is reached through another.
    ['recommendedBy', { in: 'field', text: 'Customer.recommendedBy' }],
    ['clerk recommendedby get', { in: 'role', text: 'clerk' }],
  ])('finds a handler by %s, and says where that is', async (q, found) => {
    const { items, total } = await served.ask('handlers', { q });
    expect({ total, id: items[0]?.handlerId, found: items[0]?.found }).toEqual({
      total: 1,
      id: 'orders.get',
      found,
    });
  });

  test('filters as the list command does', async () => {
    const handlers = await readHandlers(storage);
    for (const filter of [
      { path: '/v1/files/**', method: 'get' },
      { path: '!/v1/**' },
      { role: 'auditor' },
      { dependency: 'database', status: 'decommissioned' },
    ] as const) {
      const expected = Array.from(matchVersions(handlers, filter), ([{ handlerId }, versions]) => ({
        handlerId,
        version: versions.at(-1),
        matching: versions.length,
      }));
      const { items } = await served.ask('handlers', filter);
      expect(items.map(({ handlerId, version, matching }) => ({ handlerId, version, matching }))).toEqual(
        expected,
      );
    }
    const breaking = await served.ask('handlers', { breaking: true });
    expect(breaking.items.map(({ handlerId }) => handlerId)).toEqual(
      handlers.filter((one) => breakingVersions(one).size > 0).map(({ handlerId }) => handlerId),
    );
  });

  test('shows a handler with its versions, and what leads from one to another', async () => {
    const { versions, transformers, ...view } = await served.ask('handler', { id: 'orders.get' });
    expect(view).toMatchObject({
      handlerId: 'orders.get',
      current: '1.0.0',
      latest: '2.0.0',
      versionCount: 2,
    });
    expect(versions).toMatchObject([
      {
        version: '1.0.0',
        breaking: false,
        status: 'decommissioned',
        commit: { revision: 2, note: 'Ada deploys the shop' },
        transformers: [{ to: '2.0.0', id: 'orders-1-2', stored: true }],
      },
      {
        version: '2.0.0',
        parent: '1.0.0',
        breaking: true,
        status: 'active',
        rollout: 25,
        commit: { revision: 4 },
      },
    ]);
    expect(transformers).toMatchObject([
      { id: 'orders-1-2', from: '1.0.0', to: '2.0.0', steps: [{ path: 'total', type: 'remove' }] },
    ]);
    const imported = await served.ask('handler', { id: 'getFile' });
    expect(imported.documents.map(({ version }) => version)).toEqual(['0.36.0', '0.43.0']);
  });

  test('shows a version with its manifest, hooks, types, rollout, and what changed in it', async () => {
    const view = await served.ask('version', { id: 'orders.get', version: '2.0.0' });
    const manifest = await storage.getManifest('orders.get', '2.0.0');
    expect(JSON.parse(view.json?.text ?? '')).toEqual(manifest);
    expect(view.manifest).toMatchObject({
      hooks: [
        { phase: 'before', id: 'authenticate', stored: true },
        { phase: 'after', id: 'audit', stored: false },
      ],
      roles: ['clerk', 'auditor'],
      types: [
        { name: 'request', ref: 'OrderQuery', stored: true },
        { name: 'response', ref: 'Order@2.0.0', stored: true },
      ],
    });
    expect(view.hooks?.hooks).toMatchObject([
      { id: 'authenticate', timeout: 500, source: 'src/hooks/auth.ts:12:3' },
    ]);
    expect(view.timescape).toMatchObject({ strategy: 'canary', status: 'active', rollout: 25 });
    expect(view).toMatchObject({ previous: '1.0.0', changes: { before: '1.0.0', verdict: 'breaking' } });
    expect(view.changes?.findings).toContainEqual({
      where: 'response.total',
      what: 'is gone',
      verdict: 'breaking',
    });
  });

  test('expands types in place, each once on a way', async () => {
    const { types } = await served.ask('version', { id: 'orders.get', version: '2.0.0' });
    const order = types.find(({ ref }) => ref === 'Order@2.0.0');
    const customer = order?.properties?.[0]?.type;
    expect(customer).toMatchObject({ ref: 'Customer', is: 'stored' });
    expect(customer?.properties).toMatchObject([
      { name: 'email', optional: false, type: { is: 'inline', primitive: 'string' } },
      { name: 'recommendedBy', optional: true, type: { ref: 'Customer', is: 'reference' } },
    ]);
    const { type, usedByTypes, usedByVersions } = await served.ask('type', { ref: 'Customer' });
    expect(type).toEqual(customer);
    expect({ usedByTypes, usedByVersions }).toEqual({ usedByTypes: 2, usedByVersions: 2 });
  });

  test.each(['Customer', 'Component', 'User', 'getFile#response', '#none'])(
    'tells every version that depends on the type %s, and the way there',
    async (name) => {
      const found = await walk((cursor) => served.ask('impact', { of: 'gtype', name, limit: 10, ...cursor }));
      const types = new Map<string, GType>();
      for await (const { kind, value } of storage.entries({ kinds: ['gtype'] }))
        if (kind === 'gtype') types.set(value.ref, value);
      const universe = new TypeUniverse((ref) => types.get(ref));
      const expected = (await readHandlers(storage)).flatMap(({ manifests }) =>
        manifests.filter(({ gtypes }) => universe.reachable(Object.values(gtypes)).has(name)),
      );
      expect(expected.length).toBeGreaterThan(0);
      expect(found.map(({ handlerId, version }) => [handlerId, version])).toEqual(
        expected.map(({ handlerId, version }) => [handlerId, version]),
      );
      for (const { via } of found) {
        expect(via.at(-1)).toBe(name);
        for (const [i, ref] of via.slice(1).entries())
          expect(universe.children(String(via[i]))).toContain(ref);
      }
    },
  );

  test('tells what depends on a hook, a transformer and a module', async () => {
    const both = [
      ['orders.get', '1.0.0'],
      ['orders.get', '2.0.0'],
    ];
    for (const [of, name, places] of [
      ['hook', 'audit', [['hooks.after'], ['hooks.after']]],
      ['transformer', 'orders-1-2', [['fromVersion'], ['toVersion']]],
      ['dependency', 'database', [['dependencies.modules'], ['dependencies.modules']]],
    ] as const) {
      const { items } = await served.ask('impact', { of, name });
      expect(items.map(({ handlerId, version }) => [handlerId, version])).toEqual(both);
      expect(items.map((item) => item.places)).toEqual(places);
      expect((await served.ask('names', { of, q: name.toUpperCase() })).items).toEqual([{ name }]);
    }
  });

  test('says what two revisions mean for callers, part by part, and all that differs', async () => {
    const found = await walk((cursor) =>
      served.ask('compareFindings', { before: 'this@1', after: 'this@3', limit: 25, ...cursor }),
    );
    const expected = await compareLatest(storageAt(storage, 1), storageAt(storage, 3));
    const changed = found.filter(({ before: version }) => version !== undefined);
    expect(changed.map(({ handlerId, verdict, findings }) => ({ handlerId, verdict, findings }))).toEqual(
      expected.map(({ handlerId, verdict, differences }) => ({
        handlerId,
        verdict,
        findings: differences.map(({ where, what, verdict: one }) => ({ where, what, verdict: one })),
      })),
    );
    const added = found.filter(({ before: version }) => version === undefined);
    expect(added.map(({ handlerId }) => handlerId)).toContain('orders.get');
    const records = await walk((cursor) =>
      served.ask('compareRecords', { before: 'this@1', after: 'this@3', limit: 50, ...cursor }),
    );
    const differences = await collect(revisionDifferences(storage, { before: 1, after: 3 }));
    expect(records.map(({ kind, key, change }) => ({ kind, key, change }))).toEqual(
      differences.map(({ kind, key, change }) => ({ kind, key, change })),
    );
    const { counts } = await served.ask('compareRecords', { before: 'this@1', after: 'this@3' });
    expect(counts.gtype?.added).toBe(
      differences.filter(({ kind, change }) => kind === 'gtype' && change === 'added').length,
    );
  });

  test('compares two versions, with the raw difference beside what it means', async () => {
    const compared = await served.ask('compareVersions', {
      id: 'orders.get',
      before: '1.0.0',
      after: '2.0.0',
    });
    expect(compared).toMatchObject({
      verdict: 'breaking',
      before: { version: '1.0.0' },
      after: { version: '2.0.0' },
    });
    expect(compared.fields.map(({ path }) => path)).toContain('policies.roles[1]');
    expect(compared.command).toMatch(
      /^gati-storage diff orders\.get@1\.0\.0 orders\.get@2\.0\.0( --store .*)?$/,
    );
  });

  test('tells the commits, newest first, and those of one handler', async () => {
    const { items } = await served.ask('commits', { limit: 3 });
    expect(items.map(({ revision, note }) => [revision, note])).toEqual(
      [4, 3, 2].map((revision) => [revision, known[revision - 1]?.note]),
    );
    const older = await served.ask('commits', { before: 2 });
    expect(older.items.map(({ revision }) => revision)).toEqual([1]);
    expect(older).not.toHaveProperty('next');
    const own = await served.ask('commits', { handler: 'orders.get' });
    expect(own.items.map(({ revision }) => revision)).toEqual([4, 2]);
    expect(own.items[1]?.changes).toContainEqual({ does: 'put', kind: 'hookManifest', key: ['orders.get'] });
  });

  test('shows everything as it was then', async () => {
    expect(await answersOf(served, 2)).toEqual(before);
    const { revision } = await served.ask('overview', { at: 2 });
    expect(revision).toBe(2);
    for (const name of ['handlers', 'facets', 'overview'] as const)
      expect(await served.failure(name, { at: 99 })).toMatchObject({
        status: 410,
        code: 'STORAGE_COMPACTED',
        details: { current: 4 },
      });
  });

  test('says what there is not', async () => {
    for (const [name, query] of [
      ['handler', { id: 'nobody' }],
      ['version', { id: 'orders.get', version: '9' }],
      ['type', { ref: 'Nothing' }],
      ['record', { kind: 'transformer', key: 'none' }],
      ['compareVersions', { id: 'orders.get', before: '1.0.0', after: '9' }],
    ] as const)
      expect(await served.failure(name, query)).toMatchObject({ status: 404, code: 'STUDIO_NOT_FOUND' });
    expect(await served.failure('compareRecords', { before: 'other' })).toMatchObject({
      status: 404,
      code: 'STUDIO_NO_OTHER',
    });
  });
});

/** What the studio says of a revision, but for what is of now: how to ask for it, and where the store is. */
async function answersOf({ ask }: ServedStudio, at?: number): Promise<Record<string, object>> {
  const asked = at === undefined ? {} : { at };
  const handlers = await ask('handlers', { ...asked, sort: '-path' });
  const overview = await ask('overview', asked);
  const answers = {
    handlers,
    overview: { counts: overview.counts, handlers: overview.handlers },
    search: await ask('handlers', { ...asked, q: 'email' }),
    facets: await ask('facets', asked),
    handler: await ask('handler', { ...asked, id: 'orders.get' }),
    version: await ask('version', { ...asked, id: 'getFile' }),
    type: await ask('type', { ...asked, ref: 'Customer' }),
    record: await ask('record', { ...asked, kind: 'versionGraph', key: 'orders.get' }),
    impact: await ask('impact', { ...asked, of: 'gtype', name: 'Customer' }),
    names: await ask('names', { ...asked, of: 'hook' }),
  };
  const told = Object.entries(answers).map(([name, answer]) => [name, { ...answer, command: undefined }]);
  return Object.fromEntries(told);
}
