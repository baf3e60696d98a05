import {
  createInMemoryStorage,
  type Storage,
  type StorageContract,
  StorageError,
} from '@gati-framework/manifest-store';
import {
  type ConformanceTarget,
  checkStorageAgainstModel,
  conformanceCases,
  type ModelRunOptions,
  ModelStorage,
  runCase,
} from '@gati-framework/storage-testkit';
import { describe, expect, test } from 'vitest';

/** Told of every call of a storage and what came of it. */
type Listener = (method: string, outcome: string) => void;

/** A storage that tells of its calls. */
function overheard(storage: Storage, listener: Listener): Storage {
  return new Proxy(storage, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function' || typeof name !== 'string') return member;
      return (...args: unknown[]): unknown => {
        const result: unknown = member.apply(target, args);
        if (result instanceof Promise) {
          result.then(
            () => listener(name, 'ok'),
            (error: StorageError) => listener(name, error.code),
          );
        }
        return result;
      };
    },
  });
}

async function compareWithModel(target: ConformanceTarget, options: ModelRunOptions = {}): Promise<void> {
  const run = { name: 'random calls', group: 'model' };
  await runCase({ ...run, run: (harness) => checkStorageAgainstModel(harness, options) }, target);
}

async function callsWith(options: ModelRunOptions): Promise<string[]> {
  const calls: string[] = [];
  const create = (): Storage =>
    overheard(createInMemoryStorage(), (method, outcome) => calls.push(`${method} ${outcome}`));
  await compareWithModel({ create }, { runs: 5, ...options });
  return calls;
}

describe('random calls', () => {
  test('come upon every sort of success and failure, often', async () => {
    const counts: Record<string, number> = {};
    const create = (): Storage =>
      overheard(createInMemoryStorage(), (method, outcome) => {
        const name = `${method} ${outcome}`;
        counts[name] = (counts[name] ?? 0) + 1;
      });
    await compareWithModel({ create }, { runs: 80 });
    expect(counts['commit ok']).toBeGreaterThan(100);
    expect(counts['commit STORAGE_CONFLICT']).toBeGreaterThan(50);
    expect(counts['commit INVALID_RECORD']).toBeGreaterThan(50);
    expect(counts['get ok']).toBeGreaterThan(50);
    expect(counts['clear ok']).toBeGreaterThan(3);
    for (const kind of [
      'Manifest',
      'HookManifest',
      'GType',
      'Transformer',
      'VersionGraph',
      'TimescapeMetadata',
    ]) {
      expect(counts[`store${kind} ok`], kind).toBeGreaterThan(5);
      expect(counts[`get${kind} ok`], kind).toBeGreaterThan(5);
    }
  });

  test('are the same for the same seed, and others for another', async () => {
    const calls = await callsWith({ seed: 7 });
    expect(await callsWith({ seed: 7 })).toEqual(calls);
    expect(await callsWith({ seed: 8 })).not.toEqual(calls);
  });

  test('that fail are reported with the seed and the shortest sequence that fails', async () => {
    const create = (): Storage => {
      const storage = createInMemoryStorage();
      const getHookManifest = storage.getHookManifest.bind(storage);
      storage.getHookManifest = async (handlerId) =>
        (await getHookManifest(handlerId)) ?? (undefined as never);
      return storage;
    };
    const error: Error = await compareWithModel({ create }, { seed: 11 }).then(
      () => Promise.reject(new Error('nothing failed')),
      (reason: Error) => reason,
    );
    expect(error.message).toContain('seed: 11');
    expect(error.message).toMatch(/Counterexample: \[getHookManifest\("[^"]*"\)/);
    expect(error.message).toContain('is undefined, and should be null');
  });
});

/** The model with the manners of a storage: it answers later, and its errors are StorageErrors. */
function modelAsStorage(): StorageContract {
  const model = new ModelStorage();
  const capabilities = {
    commit: true,
    entries: false,
    watch: false,
    lifecycle: false,
    persistent: false,
    multiProcess: false,
  };
  return new Proxy({ capabilities } as unknown as StorageContract, {
    get(target, name) {
      if (name in target) return Reflect.get(target, name);
      const method: unknown = Reflect.get(model, name, model);
      if (name === 'getStats') return () => model.getStats();
      if (typeof method !== 'function') return undefined;
      return async (...args: unknown[]) => {
        try {
          return await method.apply(model, args);
        } catch (error) {
          throw new StorageError((error as StorageError).code, 'refused by the model', { path: 'somewhere' });
        }
      };
    },
  });
}

describe('the model itself', () => {
  // Copies, freezing and the words of errors are not its business.
  const groups = ['identity', 'replacement', 'order', 'visibility', 'clear', 'revisions'];
  const cases = conformanceCases.filter(
    ({ group, requires = [] }) => groups.includes(group) && requires.every((name) => name === 'commit'),
  );

  test.each(cases.map((testCase) => [testCase.group, testCase.name, testCase] as const))(
    '%s: %s',
    async (_, __, testCase) => {
      expect(await runCase(testCase, { create: modelAsStorage })).toEqual({});
    },
  );
});
