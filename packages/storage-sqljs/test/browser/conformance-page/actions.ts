/// <reference lib="dom" />
import { createSqlJsStorage, type SqlJsStorage } from '@gati-framework/storage-sqljs';
import { indexedDbPersistence } from '@gati-framework/storage-sqljs/indexeddb';
import {
  type CaseResult,
  type ConformanceCase,
  type ConformanceTarget,
  conformanceCases,
  runCase,
} from '@gati-framework/storage-testkit';
import wasmAddress from 'sql.js/dist/sql-wasm-browser.wasm?url';

const target: ConformanceTarget<SqlJsStorage> = {
  create: (place) =>
    createSqlJsStorage({ locateFile: () => wasmAddress, persistence: indexedDbPersistence(place) }),
  destroy: (_, place) => deleteDatabase(place),
};

/** Also shows that closing leaves nothing open: what is open blocks the deletion. */
function deleteDatabase(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error(`IndexedDB ${name} is still open`));
  });
}

export const actions = {
  runCase: (group: string, name: string): Promise<CaseResult> => {
    const isAsked = (one: ConformanceCase) => one.group === group && one.name === name;
    return runCase(conformanceCases.find(isAsked) as ConformanceCase, target);
  },
};

export type ConformanceActions = typeof actions;
