import type { SqlJsPersistence } from '@gati-framework/storage-sqljs';

interface Kept {
  snapshot?: Uint8Array;
  log: Uint8Array;
}

/** Persistences that keep what they are given in this process, one for each place, and answer a turn later. */
export function keptInMemory({ appends }: { appends: boolean }): (place: string) => SqlJsPersistence {
  const places = new Map<string, Kept>();
  return (place) => {
    const kept = places.get(place) ?? { log: new Uint8Array() };
    places.set(place, kept);
    return {
      location: place,
      load: async () => {
        await nextTurn();
        return kept.snapshot && { snapshot: kept.snapshot, log: kept.log };
      },
      save: async (snapshot) => {
        await nextTurn();
        kept.snapshot = snapshot;
        kept.log = new Uint8Array();
      },
      ...(appends && {
        append: async (bytes: Uint8Array, offset: number) => {
          await nextTurn();
          kept.log = Buffer.concat([kept.log.subarray(0, offset), bytes]);
        },
      }),
    };
  };
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
