// The same writes each time: singles, groups, a folding, a save.
import { createSqlJsStorage } from '@gati-framework/storage-sqljs';

const pair = (name, size) =>
  ['a', 'b'].map((half) => ({
    put: 'gtype',
    value: { ref: `${half}-${name}`, kind: 'object', description: 'x'.repeat(size) },
  }));

/** That a fold failed is no news where calls are made to fail. */
export const UNHEARD = { info: () => {}, warn: () => {}, error: () => {} };

/** Calls `settled(name, error)` for each batch of two. */
export async function writeAndFold(filename, settled) {
  const storage = createSqlJsStorage({ filename, lockTimeout: 1, onRecovery: () => {}, log: UNHEARD });
  const write = (name, size) =>
    storage.commit(pair(name, size)).then(
      () => settled(name),
      (error) => settled(name, error),
    );
  await write('small', 10);
  await write('page', 3_000);
  for (const name of ['long-1', 'long-2', 'long-3']) await write(name, 180_000); // more than a mebibyte
  await Promise.all(['group-1', 'group-2', 'group-3'].map((name) => write(name, 4_000)));
  await storage.save().catch(() => {});
  await write('after-saving', 10);
  await write('last', 10);
  await storage.close().catch(() => {});
}
