/// <reference lib="dom" />
import type { GType } from '@gati-framework/manifest-store';
import {
  createSqlJsStorage,
  type SqlJsStorage,
  type SqlJsStorageOptions,
} from '@gati-framework/storage-sqljs';
import { indexedDbPersistence } from '@gati-framework/storage-sqljs/indexeddb';
import wasmAddress from 'sql.js/dist/sql-wasm-browser.wasm?url';

type Options = Pick<SqlJsStorageOptions, 'persistence' | 'readOnly' | 'lockTimeout' | 'cacheSize'>;

/** For the functions that a test sends to the page. */
export const tools = {
  indexedDbPersistence,

  /** Opened, and kept for the functions that come later. */
  open: async (name: string, options: Options = {}): Promise<SqlJsStorage> => {
    const storage = createSqlJsStorage({
      locateFile: () => wasmAddress,
      persistence: indexedDbPersistence(name),
      ...options,
    });
    await storage.open();
    tools.opened.push(storage);
    return storage;
  },

  opened: [] as SqlJsStorage[],

  gtype: (ref: string, description = ''): GType => ({ ref, kind: 'object', description }),

  refs: async (storage: SqlJsStorage): Promise<string[]> => {
    const refs: string[] = [];
    for await (const { key } of storage.entries({ kinds: ['gtype'] }))
      refs.push((key as { ref: string }).ref);
    return refs;
  },

  /** `ok`, or what an error says: its code, and its message. */
  outcome: async (work: Promise<unknown>): Promise<string> => {
    try {
      await work;
      return 'ok';
    } catch (error) {
      const { code, message } = error as Error & { code?: string };
      return `${code}: ${message}`;
    }
  },

  /** Stores until a write is refused for good; tells how often, and why it ended. */
  storeUntilReplaced: async (storage: SqlJsStorage, description: string): Promise<Stored> => {
    const acknowledged: string[] = [];
    for (let i = 0; ; i++) {
      const outcome = await tools.outcome(storage.storeGType(tools.gtype(`${i}`, description)));
      if (outcome === 'ok') acknowledged.push(`${i}`);
      if (outcome.startsWith('STORAGE_REPLACED')) return { acknowledged, outcome };
    }
  },

  databases: async (): Promise<(string | undefined)[]> =>
    (await indexedDB.databases()).map(({ name }) => name),

  /** Deletes or upgrades a database as the site itself would: what happened, in order. */
  request: (request: IDBOpenDBRequest): { readonly events: string[]; readonly done: Promise<void> } => {
    const events: string[] = [];
    request.onblocked = () => events.push('blocked');
    const done = new Promise<void>((resolve) => {
      request.onsuccess = () => {
        events.push('done');
        resolve();
      };
    });
    return { events, done };
  },

  /** An open connection that does not care who waits for it. */
  holdOpen: (name: string): Promise<IDBDatabase> =>
    new Promise((resolve) => {
      const request = indexedDB.open(name);
      request.onsuccess = () => resolve(request.result);
    }),

  heldLocks: async (): Promise<string[]> => {
    const { held = [] } = await navigator.locks.query();
    return held.map(({ name = '' }) => name);
  },
};

interface Stored {
  readonly acknowledged: readonly string[];
  readonly outcome: string;
}

declare global {
  var gati: typeof tools;
}

globalThis.gati = tools;
