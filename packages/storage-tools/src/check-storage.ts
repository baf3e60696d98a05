import type { Storage } from '@gati-framework/manifest-store';
import { invalidOption } from '@gati-framework/manifest-store/backend';

/** Refuses what cannot be read, and most of all the promise of a storage, as `openStorage` gives one. */
export function checkStorage(storage: Pick<Storage, 'entries'>): void {
  if (typeof Object(storage).entries === 'function') return;
  const isPromise = typeof Object(storage).then === 'function';
  throw invalidOption('storage', isPromise ? 'is the promise of a storage: await it' : 'must be a storage');
}
