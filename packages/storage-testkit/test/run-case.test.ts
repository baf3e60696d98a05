import { createInMemoryStorage, type Storage, type StorageContract } from '@gati-framework/manifest-store';
import {
  type ConformanceCase,
  type ConformanceTarget,
  casesByGroup,
  conformanceCases,
  DeadlineError,
  manifest,
  runCase,
  within,
} from '@gati-framework/storage-testkit';
import { describeConformance } from '@gati-framework/storage-testkit/any-runner';
import { describe, expect, test } from 'vitest';
import { targetOver } from './broken/index.js';
import { ReferenceStorage } from './broken/reference-storage.js';

function caseThat(run: ConformanceCase['run'], requires: ConformanceCase['requires'] = []): ConformanceCase {
  return { name: 'a case', group: 'test', requires, run };
}

/** A target that notes what happens to its storages. */
function notedTarget(notes: string[]) {
  let count = 0;
  const numbers = new Map<Storage, number>();
  return {
    create(): Storage {
      const storage = createInMemoryStorage();
      const number = ++count;
      numbers.set(storage, number);
      notes.push(`create ${number}`);
      const close = storage.close.bind(storage);
      storage.close = async () => {
        notes.push(`close ${number}`);
        await close();
      };
      return storage;
    },
    destroy(storage: Storage): void {
      notes.push(`destroy ${numbers.get(storage)}`);
    },
  };
}

describe('a target that cannot be tested', () => {
  test.each([
    ['nothing', undefined, 'target', '{ create: (place) => createMyStorage() }'],
    ['a function', () => createInMemoryStorage(), 'target', 'create: (place)'],
    ['one without create', {}, 'target', 'create: (place)'],
    [
      'an option that there is not',
      { create: createInMemoryStorage, honours: ['cachesize'] },
      'target.honours',
      'cacheSize',
    ],
    [
      'an option in place of a list',
      { create: createInMemoryStorage, honours: 'cacheSize' },
      'target.honours',
      'an array',
    ],
    ['a create that returns nothing', { create: () => undefined }, 'target.create', 'must return a storage'],
  ])('is told what it lacks: %s', async (_, target, path, message) => {
    await expect(
      runCase(
        caseThat(async () => {}),
        target as never,
      ),
    ).rejects.toMatchObject({ code: 'INVALID_OPTIONS', path, message: expect.stringContaining(message) });
  });

  test('ends its test file at once, and not in each of its tests', () => {
    const described: string[] = [];
    const runner = { describe: (name: string) => described.push(name), it: () => {} };
    expect(() => describeConformance('mine', {} as never, runner)).toThrow('target must be like');
    expect(() =>
      describeConformance('mine', { create: () => createInMemoryStorage() }, undefined as never),
    ).toThrow('runner must be { describe, it }');
    expect(described).toEqual([]);
  });
});

describe('running a case', () => {
  test('closes every storage, then destroys every one', async () => {
    const notes: string[] = [];
    await runCase(
      caseThat(async ({ another, withFresh }) => {
        await another();
        await withFresh(async () => {});
      }),
      notedTarget(notes),
    );
    expect(notes).toEqual([
      ...['create 1', 'create 2', 'create 3', 'close 3', 'destroy 3'],
      ...['close 1', 'close 2', 'destroy 1', 'destroy 2'],
    ]);
  });

  test('puts everything away when the case fails, and when it is skipped', async () => {
    const notes: string[] = [];
    const failing = caseThat(() => Promise.reject(new Error('broken')));
    await expect(runCase(failing, notedTarget(notes))).rejects.toThrow('broken');
    const skipped = await runCase(
      caseThat(() => Promise.reject(new Error('run')), ['persistent']),
      notedTarget(notes),
    );
    expect(skipped).toEqual({ skipped: 'needs capabilities.persistent' });
    expect(notes).toEqual(['create 1', 'close 1', 'destroy 1', 'create 1', 'close 1', 'destroy 1']);
  });

  test('gives each storage a place of its own, and the same place to what is opened again', async () => {
    const places: string[] = [];
    const disks = targetOver((disk) => new ReferenceStorage(disk));
    const target: ConformanceTarget = {
      ...disks,
      create(place, options) {
        places.push(place);
        return disks.create(place, options);
      },
      reopen(place, options) {
        places.push(`again ${place}`);
        return disks.create(place, options);
      },
    };
    await runCase(
      caseThat(async ({ another, reopen, withFresh }) => {
        await another();
        await reopen();
        await withFresh(async () => {});
      }),
      target,
    );
    const [first, ...others] = places;
    expect(others).toEqual([first, `again ${first}`, expect.not.stringMatching(`^${first}$`)]);
    for (const place of [first, others.at(-1)]) expect(place).toMatch(/^[a-z][a-z0-9_]{0,62}$/);
  });

  test('fails when the storage cannot be closed, but tells the error of the case first', async () => {
    const create = (): Storage => {
      const storage = createInMemoryStorage();
      storage.close = () => Promise.reject(new Error('cannot be closed'));
      return storage;
    };
    await expect(
      runCase(
        caseThat(async () => {}),
        { create },
      ),
    ).rejects.toThrow('cannot be closed');
    const failing = caseThat(() => Promise.reject(new Error('broken')));
    await expect(runCase(failing, { create })).rejects.toThrow('broken');
  });

  test('says what to supply when a persistent storage cannot be opened again', async () => {
    const create = (): Storage => {
      const storage = createInMemoryStorage();
      const capabilities = { ...storage.capabilities, persistent: true };
      Object.defineProperty(storage, 'capabilities', { value: capabilities });
      return storage;
    };
    const reopening = caseThat(
      async ({ storage, reopen }) => {
        await storage.storeManifest(manifest());
        await reopen();
      },
      ['persistent'],
    );
    await expect(runCase(reopening, { create })).rejects.toThrow(
      'let create(place) open the same data whenever it is given the same place',
    );
  });

  test('what hangs is ended, saying what was waited for', async () => {
    const hanging = within(new Promise(() => {}), 'the end of the world', 10);
    await expect(hanging).rejects.toThrow(DeadlineError);
    await expect(hanging).rejects.toThrow('the end of the world did not settle within 10 ms');
  });
});

describe('what a target offers', () => {
  const needing = (...needs: NonNullable<ConformanceCase['needs']>): ConformanceCase => ({
    ...caseThat(async ({ withFresh }) => withFresh(async () => {}, { historyLimit: 7 })),
    needs,
  });

  test('decides which cases are run, and a skipped one says what is missing', async () => {
    const create = (): Storage => createInMemoryStorage();
    expect(await runCase(needing('historyLimit', 'damage'), { create })).toEqual({
      skipped: "needs the target's historyLimit, the target's damage",
    });
    expect(await runCase(needing('historyLimit'), { create, honours: ['cacheSize'] })).toHaveProperty(
      'skipped',
    );
    expect(await runCase(needing('historyLimit'), { create, honours: ['historyLimit'] })).toEqual({});
  });

  test('is asked for an option only by cases that need it', async () => {
    const asked: object[] = [];
    const create = (_: string, options: object): Storage => {
      asked.push(options);
      return createInMemoryStorage(options);
    };
    await runCase(needing('historyLimit'), { create, honours: ['historyLimit'] });
    expect(asked).toEqual([{}, { historyLimit: 7 }]);
  });

  test('is undone when a case leaves a place blocked', async () => {
    const notes: string[] = [];
    const block = () => {
      notes.push('block');
      return () => notes.push('unblock');
    };
    const target = {
      create: (): Storage => createInMemoryStorage(),
      block,
      destroy: () => notes.push('destroy'),
    };
    const leaving = caseThat(async (harness) => {
      await harness.block();
      throw new Error('broken');
    });
    await expect(runCase(leaving, target)).rejects.toThrow('broken');
    await runCase(
      caseThat(async (harness) => {
        const unblock = await harness.block();
        await unblock();
        await unblock();
      }),
      target,
    );
    expect(notes).toEqual(['block', 'unblock', 'destroy', 'block', 'unblock', 'destroy']);
  });

  test('to reopen a place holds a plain contract to keeping its records', async () => {
    const plain = (): StorageContract =>
      Object.defineProperty(createInMemoryStorage(), 'capabilities', { value: undefined });
    const keeping = caseThat(
      async ({ storage, reopen }) => {
        await storage.storeManifest(manifest());
        await reopen();
      },
      ['persistent'],
    );
    expect(await runCase(keeping, { create: plain })).toHaveProperty('skipped');
    await expect(runCase(keeping, { create: plain, reopen: plain })).rejects.toThrow('nothing is left');
  });
});

describe('a watch that fails a case', () => {
  test('tells the revisions that came', async () => {
    const replay = conformanceCases.find(
      ({ name }) => name === 'a long history is replayed whole and in order',
    );
    const create = (): Storage => {
      const storage = createInMemoryStorage();
      const watch = storage.watch.bind(storage);
      storage.watch = async function* (options) {
        for await (const event of watch(options)) {
          if (event.revision > 300) return;
          if (event.revision !== 7) yield event;
        }
      };
      return storage;
    };
    await expect(runCase(replay as ConformanceCase, { create })).rejects.toThrow(
      'the watch ended after 299 of 601 events: the revisions 1-6, 8-300',
    );
  });
});

describe('the cases', () => {
  test('have names that are unique in their groups', () => {
    const names = conformanceCases.map(({ group, name }) => `${group}: ${name}`);
    expect(new Set(names).size).toBe(names.length);
  });

  test('are all in the groups', () => {
    expect([...casesByGroup().values()].flat()).toHaveLength(conformanceCases.length);
  });
});
