import assert from 'node:assert/strict';
import type { Change, HandlerManifest, StorageContract } from '@gati-framework/manifest-store';
import { type Fields, putOf, recordProbes } from '../record-probe.js';
import { gtype, manifest, type Overrides, transformer } from '../records.js';

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

/** The change that stores a type. */
export function putType(ref: string, fields?: Fields): Change {
  return { put: 'gtype', value: gtype({ ref, ...fields }) };
}

/** A record of every kind with these fields, as a batch. */
export function oneOfEach(fields?: Fields): Change[] {
  return recordProbes.map((probe) => putOf(probe, probe.make(fields)));
}

/** The item at this place, counted on from the beginning after the end. */
export function pick<T>(items: readonly T[], place: number): T {
  const item = items[place % items.length];
  assert.ok(item !== undefined);
  return item;
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
