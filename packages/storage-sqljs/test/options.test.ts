import { createSqlJsStorage } from '@gati-framework/storage-sqljs';
import { expect, test } from 'vitest';

test.each([
  [{ filename: '' }, 'options.filename'],
  [{ filename: 7 }, 'options.filename'],
  [{ filename: 'file:x.db' }, 'options.filename'],
  [{ filename: 'x.db', persistence: { load() {}, save() {} } }, 'options.filename'],
  [{ persistence: {} }, 'options.persistence.load'],
  [{ persistence: { load() {}, save() {}, append: 1 } }, 'options.persistence.append'],
  [{ persistence: null }, 'options.persistence'],
  [{ autoSave: 1 }, 'options.autoSave'],
  [{ readOnly: 'yes', filename: 'x.db' }, 'options.readOnly'],
  [{ readOnly: true }, 'options.readOnly'],
  [{ lockTimeout: -1 }, 'options.lockTimeout'],
  [{ locateFile: '/x' }, 'options.locateFile'],
  [{ wasmBinary: 'AGFzbQ==' }, 'options.wasmBinary'],
  [{ wasmModule: new Uint8Array() }, 'options.wasmModule'],
  [{ sqlJs: {} }, 'options.sqlJs'],
  [{ sqlJs: null }, 'options.sqlJs'],
  [{ onRecovery: 1 }, 'options.onRecovery'],
  [{ file: 'x.db' }, 'options.file'],
] as const)('%j is refused, naming %s', (options, path) => {
  expect(() => createSqlJsStorage(options as never)).toThrowError(
    expect.objectContaining({ code: 'INVALID_OPTIONS', message: expect.stringContaining(path) }),
  );
});

test('a WebAssembly file that is not there is reported with the remedy', async () => {
  const storage = createSqlJsStorage({ locateFile: (name) => `/nowhere/${name}` });
  await expect(storage.open()).rejects.toMatchObject({
    code: 'STORAGE_DRIVER_MISSING',
    message: expect.stringContaining('locateFile'),
  });
});

test('a failure to load WebAssembly is not remembered', async () => {
  const broken = createSqlJsStorage({ wasmBinary: new Uint8Array([1, 2, 3]) });
  await expect(broken.open()).rejects.toMatchObject({ code: 'STORAGE_DRIVER_MISSING' });
  const storage = createSqlJsStorage();
  await storage.open();
  await storage.close();
});
