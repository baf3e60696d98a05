import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import type { Storage } from '@gati-framework/manifest-store';
import { openStorage } from '@gati-framework/storage-tools';
import { archiveState, exportArchive } from '@gati-framework/storage-tools/archive';
import { stateDifferences } from '@gati-framework/storage-tools/diff';
import { storageAt } from '@gati-framework/storage-tools/history';
import { describe, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { users } from '../../api-import/test/support/documents.js';
import { collect } from '../../storage-tools/test/support/collect.js';
import { BACKENDS, type Backend, ownStore } from './support/backends.js';
import { FIRST_DEPLOYMENT, SECOND_DEPLOYMENT } from './support/shop.js';
import { type ServedStudio, serve } from './support/studio.js';

interface Shop extends ServedStudio {
  readonly storage: Storage;
}

/** A studio that may write to a store with two deployments. */
async function shopIn(backend: Backend = 'memory'): Promise<Shop> {
  const store = await ownStore(backend);
  const storage = await openStorage(store.url);
  onTestFinished(store.remove);
  onTestFinished(() => storage.close());
  for (const changes of [FIRST_DEPLOYMENT, SECOND_DEPLOYMENT]) await storage.commit(changes);
  return { storage, ...(await serve(storage, { write: true, url: store.url })) };
}

const revisionOf = async (storage: Storage): Promise<number> => (await storage.stats()).revision;

describe.each(BACKENDS)('in a store in %s', (backend) => {
  test('a rollback is shown, and done once it was seen, if nobody has committed since', async () => {
    const { storage, post, postFailure } = await shopIn(backend);
    const shown = await post('rollback', { to: 1, dryRun: true });
    expect(shown).toMatchObject({
      done: false,
      revision: 2,
      from: 2,
      to: 1,
      counts: { manifest: { added: 0, removed: 1, changed: 0 }, transformer: { removed: 1 } },
      commits: [{ revision: 2 }],
      // Whoever calls version 2 meets version 1 again.
      findings: [{ handlerId: 'orders.get', before: '2.0.0', after: '1.0.0' }],
    });
    expect(shown.command).toContain('gati-storage rollback --to 1 --expect-revision 2');
    expect(await revisionOf(storage)).toBe(2);
    await storage.storeGType({ ref: 'Meanwhile', kind: 'object' });
    expect(await postFailure('rollback', { to: 1, expectRevision: shown.revision })).toMatchObject({
      status: 409,
      code: 'STORAGE_CONFLICT',
      details: { actual: 3 },
    });
    const again = await post('rollback', { to: 1, dryRun: true });
    const done = await post('rollback', { to: 1, expectRevision: again.revision, note: 'too early' });
    expect(done).toMatchObject({ done: true, revision: 4 });
    expect(await collect(stateDifferences(storageAt(storage, 1), storage))).toEqual([]);
    const [newest] = await collect(storage.log({ reverse: true, limit: 1 }));
    expect(newest?.note).toBe('rollback to 1: too early');
  });

  test('a prune is shown with what stays and why, and does what it has shown', async () => {
    const { storage, post } = await shopIn(backend);
    const kept = await post('prune', { keep: 1, dryRun: true });
    expect(kept).toMatchObject({
      counts: {},
      versions: [{ handlerId: 'orders.get', version: '1.0.0', keptFor: 'it is the current version' }],
    });
    await storage.storeVersionGraph({
      ...((await storage.getVersionGraph('orders.get')) ?? never()),
      currentVersion: '2.0.0',
    });
    const shown = await post('prune', { keep: 1, force: true, dryRun: true });
    expect(shown.versions).toEqual([{ handlerId: 'orders.get', version: '1.0.0' }]);
    expect(shown.counts).toMatchObject({ manifest: { removed: 1 }, transformer: { removed: 1 } });
    const protectedOne = await post('prune', {
      keep: 1,
      force: true,
      protect: ['orders.*@1.*'],
      dryRun: true,
    });
    expect(protectedOne.versions).toMatchObject([{ keptFor: 'it is protected' }]);
    const { revision, now } = shown;
    expect(await post('prune', { keep: 1, force: true, now, expectRevision: revision })).toMatchObject({
      done: true,
    });
    expect(await storage.getAllManifestVersions('orders.get')).toHaveLength(1);
  });

  test('a deletion is shown with who names what goes, and keeps that unless it is forced', async () => {
    const { storage, ask, post, postFailure } = await shopIn(backend);
    const target = { kind: 'gtype', key: ['Customer'] } as const;
    const shown = await post('delete', { target, dryRun: true });
    expect(shown).toMatchObject({ counts: { gtype: { removed: 1 } }, referrerCount: 2 });
    expect(shown.referrers.map(({ kind, key }) => [kind, ...key])).toEqual([
      ['gtype', 'Order@1.0.0'],
      ['gtype', 'Order@2.0.0'],
    ]);
    const { revision } = shown;
    expect(await postFailure('delete', { target, expectRevision: revision })).toMatchObject({
      code: 'INVALID_OPTIONS',
      path: 'force',
    });
    expect(await storage.getGType('Customer')).toBeDefined();
    const done = await post('delete', { target, force: true, expectRevision: revision });
    expect(done).toMatchObject({ done: true, revision: 3 });
    expect(await storage.getGType('Customer')).toBeUndefined();
    // A list that is asked for afterwards is of then.
    expect(await ask('names', { of: 'gtype', q: 'customer' })).toMatchObject({ revision: 3, total: 0 });
  });

  test('a description is checked without being stored, and then imported as it was shown', async () => {
    const { storage, ask, failure } = await shopIn(backend);
    const first = await ask('deploy', { name: 'users.json', expectRevision: 2 }, users('string', '1.0.0'));
    expect(first).toMatchObject({
      done: true,
      revision: 3,
      format: 'openapi',
      report: { counts: { added: 2 } },
    });
    const newer = users('number', '2.0.0');
    const checked = await ask('check', { name: 'users.json' }, newer);
    expect(checked).toMatchObject({
      revision: 3,
      format: 'openapi',
      counts: { manifest: { added: 1 } },
      report: {
        source: { name: 'users.json', version: '2.0.0' },
        changed: [{ handlerId: 'users.get', version: '2.0.0', parent: '1.0.0', verdict: 'breaking' }],
        counts: { changed: 1, breaking: 1, unchanged: 1 },
      },
    });
    expect(checked.command).toContain('gati-storage import users.json --dry-run');
    expect(await revisionOf(storage)).toBe(3);
    expect(await failure('deploy', { name: 'users.json', expectRevision: 2 }, newer)).toMatchObject({
      status: 409,
    });
    const done = await ask(
      'deploy',
      { name: 'users.json', expectRevision: 3, note: 'names are numbers' },
      newer,
    );
    expect(done).toMatchObject({ done: true, revision: 4 });
    const [newest] = await collect(storage.log({ reverse: true, limit: 1 }));
    expect(newest?.note).toBe('import users.json: names are numbers');
    expect(await ask('deploy', { name: 'users.json', expectRevision: 4 }, newer)).toMatchObject({
      done: false,
      revision: 4,
    });
  });
});

describe('what is dropped to be checked', () => {
  test('may be the records of a deployment, whose meaning for callers is told', async () => {
    const { ask } = await shopIn();
    const changed = { ref: 'Customer', kind: 'object', properties: {} };
    const bundle = { format: 'gati-storage-deployment', version: 1, gtypes: [changed] };
    const checked = await ask('check', { name: 'records.json' }, JSON.stringify(bundle));
    expect(checked).toMatchObject({
      format: 'deployment',
      counts: { gtype: { changed: 1 } },
      records: [{ kind: 'gtype', key: ['Customer'], change: 'changed' }],
      findings: [{ handlerId: 'orders.get', before: '2.0.0', after: '2.0.0', verdict: 'breaking' }],
    });
    expect(checked.command).toBe('gati-storage deploy records.json --dry-run --store memory:');
  });

  test('may be an archive, compressed or not', async () => {
    const { storage, ask } = await shopIn();
    const file = `${temporaryFolder()}/backup.jsonl`;
    await exportArchive(storage, file);
    const empty = await serve(await openStorage('memory:'));
    const records: string[] = [];
    for await (const { value } of archiveState(file).entries()) records.push(JSON.stringify(value));
    const bytes = await readFile(file);
    for (const sent of [bytes, gzipSync(bytes)]) {
      const checked = await empty.ask('check', { name: 'backup.jsonl' }, sent);
      expect(checked).toMatchObject({ format: 'archive', counts: { manifest: { added: 2 } } });
      expect(checked.records).toHaveLength(records.length);
    }
    expect(await ask('check', { name: 'backup.jsonl' }, bytes)).toMatchObject({ counts: {}, records: [] });
  });

  test('reads nothing of this machine, whatever it refers to', async () => {
    const { failure } = await shopIn();
    for (const $ref of [
      '/etc/passwd',
      '../../../../etc/passwd',
      './upload',
      'file:///etc/passwd',
      'http://localhost/x',
    ]) {
      const document = {
        openapi: '3.1.0',
        info: { title: 'x', version: '1' },
        paths: {
          '/x': {
            get: {
              responses: { 200: { description: '', content: { 'application/json': { schema: { $ref } } } } },
            },
          },
        },
      };
      const refused = await failure('check', { name: 'a.json' }, JSON.stringify(document));
      expect(refused).toMatchObject({ status: 422, code: 'INVALID_DOCUMENT' });
      expect(refused.message).not.toContain('root:');
    }
  });

  test.each([
    ['nothing', ''],
    ['half of a document', '{"openapi": "3.1.0", "pat'],
    ['something else', 'hello'],
    ['no text', Buffer.from([0xff, 0xfe, 0x00])],
    ['an archive that is cut off', gzipSync('{"format":"gati-storage-archive"')],
  ])('is refused with the place and its own name where it is %s', async (_, file) => {
    const { failure } = await shopIn();
    const { status, message } = await failure('check', { name: 'what I dropped.yaml' }, file);
    expect(status).toBe(422);
    expect(message).toContain('what I dropped.yaml');
    expect(message).not.toMatch(/gati-studio-|\/tmp\//);
  });
});

test('two stores are compared: what it means first, and what differs', async () => {
  const [storage, other] = [await openStorage('memory:'), await openStorage('memory:')];
  await storage.commit(FIRST_DEPLOYMENT);
  for (const changes of [FIRST_DEPLOYMENT, SECOND_DEPLOYMENT]) await other.commit(changes);
  const { ask } = await serve(storage, {
    compare: other,
    url: 'memory:',
    compareUrl: 'postgres://ada:geheim@db.example/shop?schema=gati',
  });
  const found = await ask('compareFindings', { before: 'this', after: 'other' });
  expect(found).toMatchObject({
    before: { of: 'this', revision: 1 },
    after: { of: 'other', revision: 2 },
    items: [{ handlerId: 'orders.get', before: '1.0.0', after: '2.0.0', verdict: 'breaking' }],
  });
  expect(found.command).toBe(
    "gati-storage diff 1 'postgres://ada@db.example/shop?schema=gati@2' --store memory:",
  );
  const raw = await ask('compareRecords', { before: 'this', after: 'other' });
  expect(raw.counts).toMatchObject({ transformer: { added: 1 }, manifest: { added: 1 } });
  const back = await ask('compareRecords', { before: 'other', after: 'other@1' });
  expect(back.counts).toMatchObject({ transformer: { removed: 1 }, manifest: { removed: 1 } });
  expect(await ask('compareFindings', { before: 'other', after: 'other@1' })).toMatchObject({ total: 1 });
  const versions = { id: 'orders.get', before: '1.0.0', after: '2.0.0', afterIn: 'other' } as const;
  expect(await ask('compareVersions', versions)).toMatchObject({ verdict: 'breaking' });
  expect(await ask('record', { kind: 'transformer', key: 'orders-1-2', of: 'other' })).toMatchObject({
    revision: 2,
  });
  expect(JSON.stringify(await ask('overview'))).not.toContain('geheim');
});

test('parts of a comparison with the present are of one revision, whatever is committed in between', async () => {
  const storage = await openStorage('memory:');
  await storage.commit(Array.from({ length: 10 }, (_, i) => gtypePut(`T${i}`)));
  const { ask } = await serve(storage);
  const first = await ask('compareRecords', { before: 'this@0', limit: 4 });
  await storage.commit([gtypePut('A'), { delete: 'gtype', key: { ref: 'T9' } }]);
  const second = await ask('compareRecords', { before: 'this@0', limit: 100, cursor: first.next ?? '' });
  expect(second).toMatchObject({ revision: 1, total: 10 });
  expect([...first.items, ...second.items].map(({ key }) => key[0])).toEqual(
    Array.from({ length: 10 }, (_, i) => `T${i}`),
  );
});

function gtypePut(ref: string) {
  return { put: 'gtype', value: { ref, kind: 'object' } } as const;
}

function never(): never {
  throw new Error('It is stored.');
}
