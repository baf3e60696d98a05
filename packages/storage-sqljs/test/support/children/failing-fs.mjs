// Counts the calls of node:fs that concern one folder, and does something else
// instead of, or after, one of them.
import fs from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const BY_PATH = [
  'openSync',
  'renameSync',
  'rmSync',
  'writeFileSync',
  'readFileSync',
  'statSync',
  'readdirSync',
];
const BY_DESCRIPTOR = ['writeSync', 'fsyncSync', 'fdatasyncSync', 'ftruncateSync', 'closeSync'];
const BY_HANDLE = ['chmod', 'writeFile', 'sync', 'stat', 'close'];

const descriptors = new Set();
let folder;
let count = 0;
let target = -1;
let fault;

/**
 * From here on, call number `k` on something in `inFolder` is handed to `onTarget(name, call)`,
 * where `call()` does what was asked for.
 */
export function interfere(inFolder, k, onTarget) {
  folder = inFolder;
  count = 0;
  target = k;
  fault = onTarget;
}

/** How many calls there were since; it also ends the interference. */
export function stopInterfering() {
  target = -1;
  return count;
}

function pass(name, call) {
  const isTarget = count === target;
  count += 1;
  return isTarget ? fault(name, call) : call();
}

const concerns = (path) => typeof path === 'string' && folder !== undefined && path.startsWith(folder);

for (const name of BY_PATH) {
  const original = fs[name];
  fs[name] = (path, ...rest) => {
    if (!concerns(path)) return original(path, ...rest);
    return pass(name, () => {
      const result = original(path, ...rest);
      if (name === 'openSync') descriptors.add(result);
      return result;
    });
  };
}

for (const name of BY_DESCRIPTOR) {
  const original = fs[name];
  fs[name] = (descriptor, ...rest) => {
    if (!descriptors.has(descriptor)) return original(descriptor, ...rest);
    if (name === 'closeSync') descriptors.delete(descriptor);
    return pass(name, () => original(descriptor, ...rest));
  };
}

const openHandle = promises.open;
promises.open = async (path, ...rest) => {
  if (!concerns(path)) return openHandle(path, ...rest);
  const handle = await pass('open', () => openHandle(path, ...rest));
  for (const name of BY_HANDLE) {
    const original = handle[name].bind(handle);
    handle[name] = async (...args) => pass(name, () => original(...args));
  }
  return handle;
};

syncBuiltinESMExports();
