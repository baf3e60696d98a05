import fs from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const BY_PATH = [
  ...['openSync', 'renameSync', 'rmSync', 'writeFileSync', 'readFileSync'],
  ...['statSync', 'lstatSync', 'readdirSync', 'accessSync'],
];
const BY_DESCRIPTOR = [
  ...['readSync', 'writeSync', 'fsyncSync', 'fdatasyncSync', 'ftruncateSync', 'closeSync'],
  ...['fstatSync', 'fchmodSync', 'fchownSync'],
];
const BY_HANDLE = ['chmod', 'writeFile', 'sync', 'stat', 'close'];

/**
 * Hands over each call of node:fs that concerns a folder.
 *
 * @param {{ folder: string, code?: string }} options
 * @param {(name: string, makeError: () => Error, call: () => unknown) => unknown} pass
 */
export function countFileCalls({ folder, code = 'EIO' }, pass) {
  const makeError = () => Object.assign(new Error(`${code}: injected`), { code });
  const concerns = (path) => typeof path === 'string' && path.startsWith(folder);
  const descriptors = new Set();
  for (const name of BY_PATH) {
    const original = fs[name];
    fs[name] = (path, ...rest) => {
      if (!concerns(path)) return original(path, ...rest);
      return pass(name, makeError, () => {
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
      return pass(name, makeError, () => original(descriptor, ...rest));
    };
  }
  countHandles(concerns, (name, call) => pass(name, makeError, call));
  syncBuiltinESMExports();
}

function countHandles(concerns, pass) {
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
}
