import { createInMemoryStorage, type Storage } from '@gati-framework/manifest-store';
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
      create(place) {
        places.push(place);
        return disks.create(place);
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
    expect(others).toEqual([first, first, expect.not.stringMatching(`^${first}$`)]);
    for (const place of places) expect(place).toMatch(/^[a-z][a-z0-9_]{0,62}$/);
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

describe('the cases', () => {
  test('have names that are unique in their groups', () => {
    const names = conformanceCases.map(({ group, name }) => `${group}: ${name}`);
    expect(new Set(names).size).toBe(names.length);
  });

  test('are all in the groups', () => {
    expect([...casesByGroup().values()].flat()).toHaveLength(conformanceCases.length);
  });
});
