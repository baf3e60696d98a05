import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createSqlJsStorage, type InitSqlJs } from '@gati-framework/storage-sqljs';
import { expect, test } from 'vitest';
import { gtype } from '../../../test/support/records.js';

const require = createRequire(import.meta.url);
const installed = require('sql.js') as InitSqlJs;
const wasmBinary = readFileSync(require.resolve('sql.js/dist/sql-wasm.wasm'));

// First: sql.js is loaded once.
test('bytes that are no WebAssembly are told from a file that is not there', async () => {
  const storage = createSqlJsStorage({ wasmBinary: new TextEncoder().encode('<!doctype html>') });
  await expect(storage.open()).rejects.toMatchObject({
    code: 'STORAGE_DRIVER_MISSING',
    message: expect.stringMatching(/cannot be compiled.*another file/),
  });
});

test.each([
  ['the function that loads it', async () => ({ sqlJs: installed })],
  ['what was loaded', async () => ({ sqlJs: await installed() })],
  ['its WebAssembly, compiled', async () => ({ wasmModule: await WebAssembly.compile(wasmBinary) })],
])('sql.js can be given: %s', async (_, options) => {
  const storage = createSqlJsStorage(await options());
  await storage.storeGType(gtype('T'));
  const copy = createSqlJsStorage(await options());
  expect(await copy.import(await storage.export())).toBe(1);
  await Promise.all([storage.close(), copy.close()]);
});

test('a sql.js that is given is used, and a failure of it is told', async () => {
  const sqlJs = () => Promise.reject(new Error('not today'));
  const storage = createSqlJsStorage({ sqlJs });
  await expect(storage.open()).rejects.toMatchObject({
    code: 'STORAGE_DRIVER_MISSING',
    message: expect.stringContaining('does not start: not today.'),
  });
});

test('a WebAssembly file that does not belong to the script is told, and not waited for', async () => {
  // A module that imports and exports nothing.
  const wasmModule = await WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
  const sqlJs: InitSqlJs = (config) =>
    new Promise((resolve) => {
      config.instantiateWasm({}, ({ exports }: WebAssembly.Instance) => {
        if (exports.memory === undefined) throw new TypeError('memory is missing');
        resolve({ Database: class {} });
      });
    });
  for (let i = 0; i < 2; i++) {
    await expect(createSqlJsStorage({ sqlJs, wasmModule }).open()).rejects.toMatchObject({
      code: 'STORAGE_DRIVER_MISSING',
      message: expect.stringMatching(/memory is missing.*same version/),
    });
  }
});
