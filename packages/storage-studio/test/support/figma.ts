import { fileURLToPath } from 'node:url';
import { importDocument } from '@gati-framework/api-import';
import { type Change, createInMemoryStorage, type Storage } from '@gati-framework/manifest-store';
import { ordersChanges } from './orders.js';

/** Two published versions of a real API description. */
export function figma(which: 'old' | 'new'): string {
  return fileURLToPath(
    new URL(`../../../../node_modules/figma-api-${which}/openapi/openapi.yaml`, import.meta.url),
  );
}

/** Notes of the commits that {@link filledStorage} makes, the first one first. */
export const NOTES = [
  'import Figma 0.36.0',
  'import Figma 0.43.0',
  'Ada deploys orders 3.0.0 to 5 %',
] as const;

/** Both versions of Figma's API, and `orders.create`, in three commits. */
export async function filledStorage(): Promise<Storage> {
  const storage = createInMemoryStorage();
  await importDocument(storage, { file: figma('old') }, { note: NOTES[0] });
  await importDocument(storage, { file: figma('new') }, { note: NOTES[1] });
  await storage.commit(ordersChanges(), { note: NOTES[2] });
  return storage;
}

/** The handler `orders.create`, in one commit. */
export async function storageWithOrders(): Promise<Storage> {
  const storage = createInMemoryStorage();
  await storage.commit(ordersChanges(), { note: NOTES[2] });
  return storage;
}

/** Makes the same commits in another storage. */
export async function repeatCommits(from: Storage, to: Storage): Promise<void> {
  const { revision } = await from.stats();
  for await (const event of from.watch({ after: 0 })) {
    const note = event.note === undefined ? {} : { note: event.note };
    await to.commit(
      event.changes.map((change) =>
        'put' in change ? ({ put: change.put, value: change.value } as Change) : change,
      ),
      note,
    );
    if (event.revision === revision) return;
  }
}

/** A type that none of them has. */
export const COUPON = {
  put: 'gtype',
  value: {
    ref: 'Coupon',
    kind: 'object',
    properties: {
      code: { type: { ref: 'Coupon.code', kind: 'primitive', primitiveType: 'string' }, optional: false },
    },
  },
} as const;
