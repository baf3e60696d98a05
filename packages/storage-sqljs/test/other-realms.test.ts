import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { runInNewContext } from 'node:vm';
import { createSqlJsStorage } from '@gati-framework/storage-sqljs';
import { expect, test } from 'vitest';
import { gtype } from '../../../test/support/records.js';

const require = createRequire(import.meta.url);

/** As a test runner's sandbox has it: what it makes is an instance of no class of ours. */
function foreign(bytes: Uint8Array): Uint8Array {
  return runInNewContext('Uint8Array.from(bytes)', { bytes });
}

test('bytes of another realm are bytes: WebAssembly, a database to import, what a persistence loads', async () => {
  const wasm = foreign(readFileSync(require.resolve('sql.js/dist/sql-wasm.wasm')));
  expect(wasm.buffer).not.toBeInstanceOf(ArrayBuffer);
  const storage = createSqlJsStorage({ wasmBinary: wasm.buffer as ArrayBuffer });
  await storage.storeGType(gtype('T'));
  const exported = foreign(await storage.export());
  expect(await storage.import(exported)).toBe(2);
  const loaded = createSqlJsStorage({ persistence: { load: () => exported, save: () => {} } });
  expect(await loaded.getGType('T')).toEqual(gtype('T'));
  await Promise.all([storage.close(), loaded.close()]);
});

test('a storage works through a proxy around it, with everything that it offers', async () => {
  const storage = new Proxy(createSqlJsStorage(), {});
  await storage.storeGType(gtype('T'));
  expect(await storage.query('SELECT count(*) AS n FROM gtypes')).toEqual([{ n: 1 }]);
  expect(await storage.import(await storage.export())).toBe(2);
  expect(storage.getStats().gtypeCount).toBe(1);
  for await (const { key } of storage.entries()) expect(key).toEqual({ ref: 'T' });
  await storage.close();
});
