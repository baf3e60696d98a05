/// <reference lib="dom" />
import type { Change, Entry, GType, HandlerManifest, Revision } from '@gati-framework/manifest-store';
import {
  createSqlJsStorage,
  type SqlJsStorage,
  type SqlJsStorageOptions,
} from '@gati-framework/storage-sqljs';
import { indexedDbPersistence } from '@gati-framework/storage-sqljs/indexeddb';
import wasmAddress from 'sql.js/dist/sql-wasm-browser.wasm?url';

let storage: SqlJsStorage;

const locateFile = (): string => wasmAddress;

async function open(options: SqlJsStorageOptions): Promise<void> {
  storage = createSqlJsStorage(options);
  await storage.open();
}

/** Of one storage for each page and worker. */
export const actions = {
  openIndexedDb: (
    name: string,
    options: Pick<SqlJsStorageOptions, 'readOnly' | 'lockTimeout'> = {},
  ): Promise<void> => open({ locateFile, persistence: indexedDbPersistence(name), ...options }),

  openInMemory: (): Promise<void> => open({ locateFile }),

  openWithWasmAt: (address: string): Promise<void> => open({ locateFile: () => address }),

  openWithContentOfWasm: async (): Promise<void> =>
    open({ wasmBinary: await (await fetch(wasmAddress)).arrayBuffer() }),

  openFile: (filename: string): Promise<void> => open({ locateFile, filename }),

  storeManifest: (manifest: HandlerManifest): Promise<void> => storage.storeManifest(manifest),

  storeGType: (gtype: GType): Promise<void> => storage.storeGType(gtype),

  commit: (changes: readonly Change[]): Promise<Revision> => storage.commit(changes),

  /** Stores types `0`, `1`, … and tells the page's function `acknowledge` of each. */
  storeWithoutEnd: async (description: string): Promise<never> => {
    const { acknowledge } = globalThis as unknown as { acknowledge(ref: string): void };
    for (let i = 0; ; i++) {
      await storage.storeGType({ ref: `${i}`, kind: 'object', description });
      acknowledge(`${i}`);
    }
  },

  read: async (): Promise<{ entries: Entry[]; revision: Revision }> => {
    const entries: Entry[] = [];
    for await (const entry of storage.entries()) entries.push(entry);
    return { entries, revision: (await storage.stats()).revision };
  },

  export: async (): Promise<number[]> => [...(await storage.export())],

  close: (): Promise<void> => storage.close(),
};

export type StoreActions = typeof actions;
