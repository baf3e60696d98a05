/// <reference lib="dom" />
import { createSqlJsStorage, type SqlJsStorage } from '@gati-framework/storage-sqljs';
import { indexedDbPersistence } from '@gati-framework/storage-sqljs/indexeddb';
import {
  type CaseResult,
  type ConformanceCase,
  type ConformanceTarget,
  conformanceCases,
  runCase,
  within,
} from '@gati-framework/storage-testkit';
import wasmAddress from 'sql.js/dist/sql-wasm-browser.wasm?url';
import { withHistory } from '../../../../../test/support/history-options.js';

const target: ConformanceTarget<SqlJsStorage> = {
  create: (place, options) =>
    createSqlJsStorage({
      locateFile: () => wasmAddress,
      persistence: indexedDbPersistence(place),
      ...withHistory(options),
    }),
  honours: ['historyLimit', 'historyAge', 'maxRecordBytes', 'cacheSize'],
  destroy: (_, place) => within(deleteDatabase(place), `deleting ${place}, which nothing may have open,`),
};

function deleteDatabase(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error);
  });
}

export const actions = {
  runCase: (group: string, name: string): Promise<CaseResult> => {
    const isAsked = (one: ConformanceCase) => one.group === group && one.name === name;
    return runCase(conformanceCases.find(isAsked) as ConformanceCase, target);
  },
};

export type ConformanceActions = typeof actions;
