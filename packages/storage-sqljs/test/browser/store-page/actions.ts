/// <reference lib="dom" />
import type { Change, Entry, Revision } from '@gati-framework/manifest-store';
import {
  createSqlJsStorage,
  type SqlJsStorage,
  type SqlJsStorageOptions,
} from '@gati-framework/storage-sqljs';
import { indexedDbPersistence } from '@gati-framework/storage-sqljs/indexeddb';
import wasmAddress from 'sql.js/dist/sql-wasm-browser.wasm?url';

type Options = Pick<SqlJsStorageOptions, 'filename' | 'readOnly' | 'lockTimeout'>;

let storage: SqlJsStorage;

const locateFile = (): string => wasmAddress;

async function open(options: SqlJsStorageOptions): Promise<void> {
  storage = createSqlJsStorage(options);
  await storage.open();
}

/** One storage for each page or worker. */
export const actions = {
  openIndexedDb: (name: string, options: Options = {}): Promise<void> =>
    open({ locateFile, persistence: indexedDbPersistence(name), ...options }),

  openInMemory: (): Promise<void> => open({ locateFile }),

  openWithWasmContent: async (): Promise<void> =>
    open({ wasmBinary: await (await fetch(wasmAddress)).arrayBuffer() }),

  openFile: (filename: string): Promise<void> => open({ locateFile, filename }),

  commit: (changes: readonly Change[]): Promise<Revision> => storage.commit(changes),

  read: async (): Promise<{ entries: Entry[]; revision: Revision }> => {
    const entries: Entry[] = [];
    for await (const entry of storage.entries()) entries.push(entry);
    return { entries, revision: (await storage.stats()).revision };
  },

  export: async (): Promise<number[]> => [...(await storage.export())],

  close: (): Promise<void> => storage.close(),
};

export type StoreActions = typeof actions;
