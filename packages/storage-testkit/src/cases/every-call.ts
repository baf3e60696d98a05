import type { Change, Storage } from '@gati-framework/manifest-store';
import { callRead, readMethods } from '../read-methods.js';
import { recordProbes } from '../record-probe.js';
import { gtype } from '../records.js';

/** Every call that waits, beyond the contract only where the capabilities announce it. */
export function everyCall(storage: Storage): Record<string, () => Promise<unknown>> {
  const { capabilities } = storage;
  const key = { kind: 'gtype', key: { ref: 'User' } } as const;
  const put: Change = { put: 'gtype', value: gtype() };
  return {
    ...Object.fromEntries(
      readMethods.map((method) => [method.name, () => callRead(storage, method, method.example)]),
    ),
    ...Object.fromEntries(
      recordProbes.map((probe) => [`storing a ${probe.kind}`, () => probe.store(storage, probe.make())]),
    ),
    'the latest manifest': () => storage.getManifest('users.create'),
    clear: () => storage.clear(),
    open: () => storage.open(),
    health: () => storage.health(),
    ...(capabilities.commit && {
      commit: () => storage.commit([put]),
      'a commit from an iterator': () => storage.commit(yielding(put)),
      'an empty commit': () => storage.commit([]),
      get: () => storage.get(key),
      stats: () => storage.stats(),
    }),
    ...(capabilities.entries && { entries: () => storage.entries().next() }),
    ...(capabilities.history && {
      log: () => storage.log().next(),
      'a read of the past': () => storage.get(key, { at: 0 }),
    }),
    ...(capabilities.watch && {
      watch: () => storage.watch().next(),
      'a watch after 0': () => storage.watch({ after: 0 }).next(),
    }),
  };
}

async function* yielding(change: Change): AsyncGenerator<Change> {
  yield change;
}
