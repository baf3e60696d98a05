import { afterEach, expect, test, vi } from 'vitest';
import { outdated, usable } from '../src/load-node-sqlite.js';

afterEach(() => {
  vi.restoreAllMocks();
  vi.resetModules();
});

class Database {}
class OldStatement {}
class Statement {
  setReturnArrays(): void {}
}

test.each([
  ['no node:sqlite', undefined],
  ['a node:sqlite that lacks what is needed', { DatabaseSync: Database, StatementSync: OldStatement }],
  ['a node:sqlite that lacks what is needed', { backup: () => {} }],
])('a Node.js with %s is named, with what to use instead', (what, found) => {
  const message = expect.stringMatching(
    new RegExp(
      `^Node\\.js ${process.versions.node} has ${what}\\. Use Node\\.js 22\\.22\\.3, 24\\.15 or newer, or .*` +
        'npm install @gati-framework/storage-better-sqlite3 better-sqlite3, or @gati-framework/storage-sqljs sql\\.js$',
    ),
  );
  expect(() => usable(found)).toThrowError(
    expect.objectContaining({ name: 'StorageError', code: 'STORAGE_DRIVER_MISSING', message }),
  );
});

test('a Node.js whose SQLite could damage a shared file is named', () => {
  expect(outdated('3.51.2')).toMatchObject({
    code: 'STORAGE_DRIVER_MISSING',
    message: expect.stringContaining(`${process.versions.node} carries SQLite 3.51.2, which can damage`),
  });
});

test('the warning that SQLite is experimental is not shown, and every other warning is', async () => {
  const { loadNodeSqlite } = await import('../src/load-node-sqlite.js');
  const shown: unknown[][] = [];
  const emitWarning = vi.spyOn(process, 'emitWarning').mockImplementation((...given: unknown[]) => {
    shown.push(given);
  });
  const loading = vi.spyOn(process, 'getBuiltinModule').mockImplementation(() => {
    process.emitWarning(
      'SQLite is an experimental feature and might change at any time',
      'ExperimentalWarning',
    );
    process.emitWarning('Another is an experimental feature', 'ExperimentalWarning');
    process.emitWarning('SQLite is an experimental feature, says somebody else', 'Warning');
    return { DatabaseSync: Database, StatementSync: Statement } as never;
  });
  expect(loadNodeSqlite()).toBe(loadNodeSqlite());
  expect(loading).toHaveBeenCalledExactlyOnceWith('node:sqlite');
  expect(shown).toEqual([
    ['Another is an experimental feature', 'ExperimentalWarning'],
    ['SQLite is an experimental feature, says somebody else', 'Warning'],
  ]);
  expect(process.emitWarning).toBe(emitWarning);
});
