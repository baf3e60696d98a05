import { createInMemoryStorage, type Storage, StorageError } from '@gati-framework/manifest-store';
import { describe, expect, it } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { writeArchive } from '../src/archive/index.js';
import { type CopyPhase, copyStorage, type TargetStorage } from '../src/copy/index.js';
import { BACKENDS, type Backend, contentOf, newStore, oddChanges } from './support/stores.js';

/** Every two of them but for etcd, which is read from once and written to once by others: the same code reads, whatever writes. */
const pairs = BACKENDS.flatMap((from) =>
  BACKENDS.flatMap((to) => (isOnce(from, to) ? [[from, to] as const] : [])),
);

function isOnce(from: Backend, to: Backend): boolean {
  if (to === 'etcd') return from === 'sql.js' || from === 'etcd';
  return from !== 'etcd' || to === 'PostgreSQL';
}

describe('a copy', () => {
  it.each(pairs)('from %s to %s is the same, in the same order, and says so', async (from, to) => {
    const source = await newStore(from);
    await source.commit(oddChanges());
    const target = await newStore(to);
    const report = await copyStorage(source, target);
    const content = await contentOf(target);
    expect(content).toStrictEqual(await contentOf(source));
    expect(report).toEqual({
      outcome: 'stored',
      records: content.length,
      sha256: await digestOf(source),
      revision: 1,
      held: 0,
      verified: true,
    });
    expect((await target.getManifest('tie'))?.version).toBe('10');
    expect(await copyStorage(source, target)).toEqual({
      ...report,
      outcome: 'unchanged',
      revision: null,
      held: content.length,
    });
    expect((await target.stats()).revision).toBe(1);
  });

  it.each(BACKENDS)('to %s refuses a target that holds anything else, and changes nothing', async (to) => {
    const source = await filled('A', 'B');
    for (const names of [['A'], ['A', 'C'], ['B', 'A']]) {
      const target = await newStore(to);
      await target.commit(names.map((name) => ({ put: 'gtype', value: gtype(name) })));
      await expect(copyStorage(source, target)).rejects.toMatchObject({
        name: 'StorageError',
        code: 'TARGET_NOT_EMPTY',
        details: { held: names.length },
      });
      expect(await namesOf(target)).toEqual(names);
    }
  });

  it.each(BACKENDS)('to %s replaces or merges in one commit', async (to) => {
    const source = await filled('A', 'B');
    const target = await newStore(to);
    await target.commit([
      { put: 'gtype', value: gtype('C') },
      { put: 'gtype', value: gtype('B', 'older') },
    ]);
    expect(await copyStorage(source, target, { mode: 'merge' })).toMatchObject({
      outcome: 'stored',
      revision: 2,
      held: 2,
      records: 2,
      verified: true,
    });
    expect(await namesOf(target)).toEqual(['C', 'B', 'A']);
    expect(await target.getGType('B')).toEqual(gtype('B'));
    const report = await copyStorage(source, target, { mode: 'replace' });
    expect(report).toMatchObject({ revision: 3, held: 3, records: 2, verified: true });
    expect(await contentOf(target)).toEqual(await contentOf(source));
  });

  it('of an empty store stores nothing, but takes everything away where it is to replace it', async () => {
    const target = await filled('A');
    expect(await copyStorage(createInMemoryStorage(), createInMemoryStorage())).toMatchObject({
      outcome: 'unchanged',
      revision: null,
      records: 0,
    });
    expect(await copyStorage(createInMemoryStorage(), target, { mode: 'merge' })).toMatchObject({
      outcome: 'unchanged',
      revision: null,
    });
    expect(await copyStorage(createInMemoryStorage(), target, { mode: 'replace' })).toMatchObject({
      outcome: 'stored',
      revision: 2,
    });
    expect(await namesOf(target)).toEqual([]);
  });

  it('is of one moment, whatever is written to the source meanwhile', async () => {
    const source = await newStore('SQLite');
    await source.commit(Array.from({ length: 3000 }, (_, i) => ({ put: 'gtype', value: gtype(`t${i}`) })));
    const target = await newStore('PostgreSQL');
    const before = await contentOf(source);
    let written: Promise<unknown> | undefined;
    await copyStorage(source, target, {
      onProgress: (records, phase) => {
        if (records === 10 && phase === 'storing')
          written = source.commit([{ clear: true }, { put: 'gtype', value: gtype('new') }]);
      },
    });
    await written;
    expect(await contentOf(target)).toEqual(before);
    expect(await namesOf(source)).toEqual(['new']);
  });

  it('without a commit says what it would do', async () => {
    const target = await filled('C');
    const report = await copyStorage(await filled('A', 'B'), target, { mode: 'merge', dryRun: true });
    expect(report).toMatchObject({
      outcome: 'dry-run',
      records: 2,
      revision: null,
      held: 1,
      verified: false,
    });
    expect(await namesOf(target)).toEqual(['C']);
  });

  it('tells how far it is, and ends by a signal with nothing stored', async () => {
    const source = await filled(...Array.from({ length: 50 }, (_, i) => `t${i}`));
    const told: [number, CopyPhase][] = [];
    await copyStorage(source, createInMemoryStorage(), { onProgress: (...told1) => void told.push(told1) });
    expect(told.slice(0, 2)).toEqual([
      [1, 'storing'],
      [2, 'storing'],
    ]);
    expect(told.at(-1)).toEqual([50, 'checking']);
    for (const to of BACKENDS) {
      const target = await newStore(to);
      const controller = new AbortController();
      const reason = new Error('enough');
      const onProgress = (records: number): void => {
        if (records === 20) controller.abort(reason);
      };
      await expect(copyStorage(source, target, { signal: controller.signal, onProgress })).rejects.toBe(
        reason,
      );
      expect(await target.stats()).toMatchObject({ revision: 0, gtypeCount: 0 });
      expect(await copyStorage(source, target)).toMatchObject({ outcome: 'stored', records: 50 });
    }
  });
});

describe('a copy is noticed to be wrong', () => {
  it.each(BACKENDS)('when somebody commits to %s between the look and the commit', async (to) => {
    const target = await newStore(to);
    await target.commit([{ put: 'gtype', value: gtype('C') }]);
    const intruded = withOther(target, {
      commit: async (...args) => {
        await target.commit([{ put: 'gtype', value: gtype('C', 'by another') }]);
        return await target.commit(...args);
      },
    });
    for (const mode of ['replace', 'merge'] as const) {
      await expect(copyStorage(await filled('A'), intruded, { mode })).rejects.toMatchObject({
        code: 'STORAGE_CONFLICT',
      });
      expect(await target.getGType('C')).toEqual(gtype('C', 'by another'));
      expect(await namesOf(target)).toEqual(['C']);
    }
  });

  it.each(['merge', undefined] as const)(
    'when the target keeps something else than it was given (%s)',
    async (mode) => {
      const source = await filled('A', 'B');
      const target = createInMemoryStorage();
      const forgetful = withOther(target, { entries: () => changed(target) });
      await expect(copyStorage(source, forgetful, mode && { mode })).rejects.toMatchObject({
        code: 'COPY_DIFFERS',
        details: { revision: 1, found: 2, stored: { records: 2 } },
      });
    },
  );

  it('and is told to be stored, when it cannot be read back', async () => {
    const target = createInMemoryStorage();
    const cut = withOther(target, {
      // biome-ignore lint/correctness/useYield: it ends before its first record.
      async *entries() {
        throw new StorageError('STORAGE_UNAVAILABLE', 'The server went away.');
      },
    });
    const expected = {
      code: 'STORAGE_UNAVAILABLE',
      message: expect.stringMatching(/2 .*revision 1,.*went away/),
    };
    await expect(copyStorage(await filled('A', 'B'), cut)).rejects.toMatchObject(expected);
    expect(await copyStorage(await filled('A', 'B'), target)).toMatchObject({ outcome: 'unchanged' });
  });

  it('and not, when somebody has written after it to a target that does not keep its past', async () => {
    const target = createInMemoryStorage();
    let committed = false;
    const late = withOther(target, {
      capabilities: { ...target.capabilities, history: false },
      commit: async (changes, { expect: expected } = {}) => {
        const revision = await target.commit(changes, expected ? { expect: expected } : {});
        committed = true;
        return revision;
      },
      async *entries() {
        if (committed) await target.commit([{ put: 'gtype', value: gtype('later') }]);
        yield* target.entries();
      },
    });
    await target.commit([{ put: 'gtype', value: gtype('C') }]);
    expect(await copyStorage(await filled('A'), late, { mode: 'replace' })).toMatchObject({
      outcome: 'stored',
      verified: false,
    });
  });
});

describe('a copy refuses', () => {
  it('the same storage, what is no storage, and options that there are not', async () => {
    const storage = await filled('A');
    const refused = { code: 'INVALID_OPTIONS' };
    await expect(copyStorage(storage, storage)).rejects.toMatchObject({ ...refused, path: 'to' });
    await expect(copyStorage(Promise.resolve(storage) as never, storage)).rejects.toMatchObject(refused);
    await expect(copyStorage(storage, Promise.resolve(storage) as never)).rejects.toMatchObject({
      ...refused,
      message: expect.stringContaining('await it'),
    });
    await expect(copyStorage(storage, { entries() {} } as never)).rejects.toMatchObject({
      ...refused,
      message: expect.stringContaining('commit, stats'),
    });
    await expect(
      copyStorage(storage, createInMemoryStorage(), { mode: 'over' } as never),
    ).rejects.toMatchObject({ ...refused, path: 'options.mode' });
    await expect(
      copyStorage(storage, createInMemoryStorage(), { replace: true } as never),
    ).rejects.toMatchObject(refused);
  });

  it('a source with a record that cannot be read, whole', async () => {
    const source = await filled('A');
    const target = createInMemoryStorage();
    const broken = withOther(source, {
      async *entries() {
        yield* source.entries();
        throw new Error('cannot be read');
      },
    });
    await expect(copyStorage(broken, target)).rejects.toThrow('cannot be read');
    expect((await target.stats()).revision).toBe(0);
  });
});

/** A storage of which some parts are others. */
function withOther(storage: Storage, parts: Partial<TargetStorage>): TargetStorage {
  return {
    capabilities: storage.capabilities,
    commit: storage.commit.bind(storage),
    entries: storage.entries.bind(storage),
    stats: storage.stats.bind(storage),
    ...parts,
  };
}

async function filled(...refs: string[]): Promise<Storage> {
  const storage = createInMemoryStorage();
  await storage.commit(refs.map((ref) => ({ put: 'gtype', value: gtype(ref) })));
  return storage;
}

async function namesOf(storage: Storage): Promise<string[]> {
  return (await contentOf(storage)).flatMap(({ key }) => ('ref' in key ? [key.ref] : []));
}

async function digestOf(storage: Storage): Promise<string> {
  const writing = writeArchive(storage.entries());
  let step = await writing.next();
  while (step.done !== true) step = await writing.next();
  return step.value.sha256;
}

async function* changed(storage: Storage): ReturnType<Storage['entries']> {
  for await (const entry of storage.entries()) {
    yield entry.kind === 'gtype' && entry.key.ref === 'A'
      ? { ...entry, value: { ...entry.value, description: '?' } }
      : entry;
  }
}
