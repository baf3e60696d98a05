import type { Storage } from '@gati-framework/manifest-store';
import { invalidOption } from '@gati-framework/manifest-store/backend';

/** Refuses what is no storage that could be imported into, and most of all the promise of one. */
export function checkTarget<M extends keyof Storage>(storage: Pick<Storage, M>, methods: readonly M[]): void {
  if (methods.every((method) => typeof Object(storage)[method] === 'function')) return;
  const isPromise = typeof Object(storage).then === 'function';
  throw invalidOption(
    'storage',
    isPromise ? 'is a promise: await it' : `must be a storage, which has ${methods.join(' and ')}`,
  );
}
