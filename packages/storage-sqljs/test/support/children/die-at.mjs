// Opens a store, writes to it and saves it, and kills itself at the first call of
// a function of node:fs whose path contains what is given.
//
// Usage: node die-at.mjs <file> <function> <part of the path>
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const [filename, name, suffix] = process.argv.slice(2);
const original = fs[name];
fs[name] = (path, ...rest) => {
  if (path.includes(suffix)) process.kill(process.pid, 'SIGKILL');
  return original(path, ...rest);
};
syncBuiltinESMExports();

const { createSqlJsStorage } = await import('@gati-framework/storage-sqljs');
const storage = createSqlJsStorage({ filename, autoSave: false });
const value = { ref: 'from the one that dies', kind: 'object', description: 'x'.repeat(100_000) };
await storage.commit(
  Array.from({ length: 50 }, (_, i) => ({ put: 'gtype', value: { ...value, ref: `dies-${i}` } })),
);
await storage.save();
await storage.close();
