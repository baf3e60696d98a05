import type { HandlerManifest, StorageContract } from '@gati-framework/manifest-store';
import { manifest, type Overrides, transformer } from '../records.js';

/** Stores these versions of one handler, in this order. */
export async function storeManifests(
  storage: StorageContract,
  versions: readonly string[],
  overrides: Overrides<HandlerManifest> = {},
): Promise<void> {
  for (const version of versions) await storage.storeManifest(manifest({ ...overrides, version }));
}

/** Stores transformers with these ids, all between the same versions. */
export async function storeTransformers(storage: StorageContract, ids: readonly string[]): Promise<void> {
  for (const id of ids) await storage.storeTransformer(transformer({ id }));
}

/** The versions of a handler, in the order in which the storage lists them. */
export async function versionsOf(storage: StorageContract, handlerId = 'users.create'): Promise<string[]> {
  return (await storage.getAllManifestVersions(handlerId)).map(({ version }) => version);
}

/** The whole numbers from 1 to `count`. */
export function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i + 1);
}

/** A promise that is awaited later; that it rejects before is nobody's unhandled rejection. */
export function later<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

/** Does `look` over and over until `work` is done. */
export async function during(work: Promise<unknown>, look: () => Promise<void>): Promise<void> {
  let working = true;
  const done = later(
    work.finally(() => {
      working = false;
    }),
  );
  while (working) {
    await look();
    // Lets a storage that answers without waiting get on with the work.
    await new Promise((resolve) => setImmediate(resolve));
  }
  await done;
}

/** Does `act` with 1, 2, … up to `count`, one after the other. */
export async function oneByOne(count: number, act: (n: number) => Promise<unknown>): Promise<void> {
  for (const n of numbers(count)) await act(n);
}
