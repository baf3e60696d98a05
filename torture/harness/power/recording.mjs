import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileShim } from '../shim.mjs';

/** @returns How a process is started whose calls are recorded. */
export function recordCalls(folder, workFolder) {
  const library = compileShim(new URL('./record-calls.c', import.meta.url), workFolder);
  const trace = join(workFolder, 'calls.trace');
  return { trace, env: { LD_PRELOAD: library, RECORD_FOLDER: folder, RECORD_TO: trace } };
}

/**
 * @typedef {{ what: 'open', path: string, isNew: boolean, isTruncated: boolean, id: number }
 *   | { what: 'write', id: number, offset: number, data: Buffer }
 *   | { what: 'truncate', id: number, length: number }
 *   | { what: 'sync', id: number }
 *   | { what: 'unlink', path: string }
 *   | { what: 'rename', path: string, to: string }
 *   | { what: 'told', text: string }} Call `id` is of the opening, as descriptors are used again.
 */

/** @returns {Call[]} What a process did, in its order. */
export function readTrace(path) {
  const bytes = readFileSync(path);
  const calls = [];
  const opened = new Map();
  let at = 0;
  const take = (length) => {
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const end = bytes.indexOf(10, at);
    const text = take(end - at).toString();
    at += 1;
    const call = readCall(text, opened, calls.length, take);
    if (call !== undefined) calls.push(call);
  }
  return calls;
}

function readCall(text, opened, id, take) {
  const [, kind, rest] = /^(\w) (.*)$/s.exec(text);
  const [first, second, third] = rest.split(' ').map(Number);
  switch (kind) {
    case 'O':
      opened.set(first, id);
      return {
        what: 'open',
        path: rest.split(' ').slice(3).join(' '),
        isNew: second === 1,
        isTruncated: third === 1,
        id,
      };
    case 'W':
      return { what: 'write', id: opened.get(first), offset: second, data: take(third) };
    case 'T':
      return { what: 'truncate', id: opened.get(first), length: second };
    case 'S':
      return { what: 'sync', id: opened.get(first) };
    case 'U':
      return { what: 'unlink', path: rest };
    case 'R':
      return { what: 'rename', path: rest.split('\t')[0], to: rest.split('\t')[1] };
    case 'M':
      return { what: 'told', text: take(first).toString() };
    default:
      return undefined; // closed: nothing is kept by that
  }
}
