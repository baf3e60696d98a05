import { type Change, createInMemoryStorage, StorageError } from '@gati-framework/manifest-store';
import { createManifestView, type ManifestView } from '@gati-framework/runtime-adapter';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { FaultyStorage } from './support/faulty-storage.js';
import { graphOf, manifestOf } from './support/records.js';

const put = (value: ReturnType<typeof manifestOf>): Change => ({ put: 'manifest', value });

async function opened(...[storage, options]: Parameters<typeof createManifestView>): Promise<ManifestView> {
  const view = createManifestView(storage, options);
  onTestFinished(() => view.close());
  await view.open();
  return view;
}

const codeOf = (error: unknown) => (error instanceof StorageError ? error.code : error);

describe('a view of a store', () => {
  test('answers for the version that the graph calls current, and for other active ones where only they answer', async () => {
    const storage = createInMemoryStorage();
    await storage.commit([
      put(manifestOf('users', '1', { path: '/v1/users' })),
      put(manifestOf('users', '2', { path: '/v2/users', createdAt: 1_700_000_000_001 })),
      put(manifestOf('users', '3', { path: '/v2/users', createdAt: 1_700_000_000_002 })),
      { put: 'versionGraph', value: graphOf('users', ['1', '2', '3'], '2') },
    ]);
    const view = await opened(storage);
    expect(view.getManifest('users')?.version).toBe('3');
    expect(view.match('GET', '/v1/users')?.manifest.version).toBe('1');
    expect(view.match('GET', '/v2/users')?.manifest.version).toBe('2');

    const retired = graphOf('users', [['1', false], '2', '3'], '3');
    await view.reached(await storage.commit([{ put: 'versionGraph', value: retired }]));
    expect(view.match('GET', '/v1/users')).toBeUndefined();
    expect(view.match('GET', '/v2/users')?.manifest.version).toBe('3');
  });

  test('answers to each of several methods, and to a new path once its version is the latest', async () => {
    const storage = createInMemoryStorage();
    await storage.storeManifest(manifestOf('a', '1', { method: ['get', 'POST'], path: '/a/:id' }));
    const view = await opened(storage);
    expect(view.match('GET', '/a/7')).toEqual({
      manifest: await storage.getManifest('a'),
      params: { id: '7' },
    });
    expect(view.match('POST', '/a/x%20y')?.params).toEqual({ id: 'x y' });
    expect(view.match('POST', '/a/%zz')).toBeUndefined();
    expect(view.match('get', '/a/7')).toBeUndefined();

    const moved = manifestOf('a', '2', { path: '/b', createdAt: 1_700_000_000_001 });
    await view.reached(await storage.commit([put(moved)]));
    expect(view.match('GET', '/a/7')).toBeUndefined();
    expect(view.match('GET', '/b')?.manifest.version).toBe('2');
  });

  test('hands out the same frozen objects to all', async () => {
    const storage = createInMemoryStorage();
    await storage.commit([put(manifestOf('a', '1')), put(manifestOf('a', '2'))]);
    const view = await opened(storage);
    const versions = view.getManifestVersions('a');
    expect(view.getManifestVersions('a')).toBe(versions);
    expect([versions, ...versions].every(Object.isFrozen)).toBe(true);
    // What is equal in two versions is there once.
    expect(versions[1]?.hooks).toBe(versions[0]?.hooks);
  });

  test('tells its listeners which handlers a commit concerns, after all of it is shown', async () => {
    const storage = createInMemoryStorage();
    const view = await opened(storage);
    const seen: unknown[] = [];
    view.onChange(() => {
      throw new Error('of a listener, which holds up nobody');
    });
    view.onChange(({ revision, handlers }) => {
      seen.push([revision, handlers, view.getManifest('b')?.version]);
    });
    await view.reached(await storage.commit([put(manifestOf('a', '1')), put(manifestOf('b', '1'))]));
    expect(seen).toEqual([[1, new Set(['a', 'b']), '1']]);
  });

  test('shows a deployment of ten thousand handlers in one step, and answers meanwhile', async () => {
    const storage = createInMemoryStorage();
    const ids = Array.from({ length: 10_000 }, (_, i) => `h${i}`);
    const deployment = (version: string) =>
      ids.map((id, i) => put(manifestOf(id, version, { path: `/${version}/${id}`, createdAt: 1 + i })));
    await storage.commit(deployment('1'));
    const view = await opened(storage);
    let isDone = false;
    let looks = 0;
    const looking = (async () => {
      while (!isDone) {
        const versions = ids.filter((_, i) => i % 97 === 0).map((id) => view.getManifestVersions(id).length);
        expect(new Set(versions).size).toBe(1);
        const isNew = versions[0] === 2;
        expect(view.match('GET', '/2/h0') !== undefined).toBe(isNew);
        expect(view.match('GET', '/1/h9999') === undefined).toBe(isNew);
        looks += 1;
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    await view.reached(await storage.commit(deployment('2').map((change) => ({ ...change }) as Change)));
    isDone = true;
    await looking;
    expect(looks).toBeGreaterThan(3);
    expect(view.getManifestVersions('h7').map(({ version }) => version)).toEqual(['1', '2']);
  });

  test('reads the store anew when its history does not reach far enough, and goes on answering', async () => {
    const storage = createInMemoryStorage({ history: { changes: 1, age: 0 } });
    await storage.storeManifest(manifestOf('a', '1'));
    const faulty = new FaultyStorage(storage);
    const view = await opened(faulty as never);
    let release = () => {};
    faulty.gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    await view.reached(await storage.commit([put(manifestOf('a', '2'))])); // the last that is let through
    const readings = faulty.readings;
    for (const version of ['3', '4', '5', '6']) await storage.storeManifest(manifestOf('a', version));
    expect(view.getManifest('a')?.version).toBe('2');
    const statuses = new Set<string>();
    view.onChange(() => statuses.add(view.state.status));
    release();
    await view.reached(6);
    expect(faulty.readings).toBe(readings + 1);
    expect(view.getManifest('a')?.version).toBe('6');
    expect(statuses).toEqual(new Set(['behind']));
    await vi.waitUntil(() => view.state.status === 'ready');
    await view.reached(await storage.commit([{ clear: true }]));
    expect(view.getManifest('a')).toBeUndefined();
    expect([...view.handlerIds()]).toEqual([]);
  });
});

test('what is committed while a view reads the store is in what it shows first', async () => {
  const storage = createInMemoryStorage();
  await storage.commit([put(manifestOf('a', '1')), put(manifestOf('b', '1'))]);
  const faulty = new FaultyStorage(storage);
  faulty.onReading = async () => {
    await storage.storeManifest(manifestOf('a', '2'));
    await storage.commit([{ delete: 'manifest', key: { handlerId: 'b', version: '1' } }]);
  };
  const view = await opened(faulty as never);
  expect(view.state).toMatchObject({ status: 'ready', revision: 3 });
  expect(view.getManifest('a')?.version).toBe('2');
  expect(view.getManifest('b')).toBeUndefined();
});

describe('the state of a view', () => {
  test('is behind while the store does not answer, and ready when it has caught up by itself', async () => {
    const storage = createInMemoryStorage();
    await storage.storeManifest(manifestOf('a', '1'));
    const faulty = new FaultyStorage(storage);
    const told: unknown[] = [];
    const tell = (_: object, message: string) => void told.push(message);
    const logger = { info: tell, warn: tell, error: tell };
    const view = await opened(faulty as never, { checkInterval: 5, logger });
    expect(view.state).toMatchObject({ status: 'ready', revision: 1 });
    faulty.fault = new StorageError('STORAGE_UNAVAILABLE', 'The server is away. Start it.');
    await vi.waitUntil(() => view.state.status === 'behind');
    expect(view.state.message).toMatch(/tries again.*The server is away/);
    expect(view.state.error?.code).toBe('STORAGE_UNAVAILABLE');
    expect(view.getManifest('a')?.version).toBe('1');
    await storage.storeManifest(manifestOf('a', '2'));
    faulty.fault = undefined;
    await view.reached(2);
    await vi.waitUntil(() => view.state.status === 'ready');
    expect(view.getManifest('a')?.version).toBe('2');
    expect(told).toHaveLength(3); // ready, behind and ready again: a status that stays is not told anew
  });

  test('is failed where somebody has to mend something, and says what', async () => {
    const storage = createInMemoryStorage();
    const faulty = new FaultyStorage(storage);
    const view = await opened(faulty as never, { checkInterval: 5 });
    faulty.fault = new StorageError('STORAGE_FORBIDDEN', 'The password is wrong. Give the right one.');
    await vi.waitUntil(() => view.state.status === 'failed');
    expect(view.state.message).toContain('Give the right one.');
    faulty.fault = undefined;
    await vi.waitUntil(() => view.state.status === 'ready');
  });

  test('is failed for good when the storage is closed, and those who wait for a commit are told', async () => {
    const storage = createInMemoryStorage();
    const view = await opened(storage);
    const waiting = view.reached(5).catch(codeOf);
    await storage.close();
    expect(await waiting).toBe('STORAGE_CLOSED');
    expect(view.state).toMatchObject({ status: 'failed', error: { code: 'STORAGE_CLOSED' } });
    expect(view.getManifest('a')).toBeUndefined();
  });
});

describe('the life of a view', () => {
  test('begins with open, which can be tried again, and ends with close', async () => {
    const faulty = new FaultyStorage(createInMemoryStorage());
    const view = createManifestView(faulty as never);
    expect(() => view.match('GET', '/')).toThrow(expect.objectContaining({ code: 'STORAGE_NOT_OPEN' }));
    expect(view.state.status).toBe('closed');
    faulty.fault = new StorageError('STORAGE_FOREIGN', 'It is of another application.');
    expect(await view.open().catch(codeOf)).toBe('STORAGE_FOREIGN');
    expect(view.state.status).toBe('failed');
    faulty.fault = undefined;
    await view.open();
    const { getManifest } = view;
    expect(getManifest('a')).toBeUndefined();
    const waiting = view.reached(1).catch(codeOf);
    await Promise.all([view.close(), view.close()]);
    expect(await waiting).toBe('STORAGE_CLOSED');
    expect(() => getManifest('a')).toThrow(expect.objectContaining({ code: 'STORAGE_CLOSED' }));
    expect(await view.open().catch(codeOf)).toBe('STORAGE_CLOSED');
    expect(view.state.status).toBe('closed');
  });

  test('ends also while it opens', async () => {
    const storage = createInMemoryStorage();
    await storage.storeManifest(manifestOf('a', '1'));
    const view = createManifestView(storage);
    const opening = view.open().catch(codeOf);
    await view.close();
    expect(await opening).toBe('STORAGE_CLOSED');
    expect(view.state.status).toBe('closed');
  });

  test('a wait for a commit ends when its signal is aborted', async () => {
    const view = await opened(createInMemoryStorage());
    const abort = new AbortController();
    const waiting = view.reached(1, { signal: abort.signal });
    abort.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });

  test('what cannot be followed is refused with what it lacks', () => {
    expect(() => createManifestView({} as never)).toThrow('it has no entries, no stats, no watch');
    expect(() => createManifestView(Promise.resolve() as never)).toThrow('await it');
    expect(() => createManifestView(createInMemoryStorage(), { every: 1 } as never)).toThrow('every');
  });
});
