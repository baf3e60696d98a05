import { types } from 'node:util';
import { StorageError } from '@gati-framework/manifest-store';
import { assertDeepFrozen } from '@gati-framework/storage-testkit';
import { canonical } from '../canonical.mjs';
import { Hostility } from './errors.mjs';

/** Of an iteration, as much as shows how it goes on. */
const MOST_STEPS = 20;
/** What differs from store to store though it was given the same, */
const OWN_FIGURES = new Set(['stats', 'health', 'getStats']);
/** and what is to come only when somebody commits. */
export const PENDING = 'waits';

/**
 * What comes of a call, as a text that can be compared.
 *
 * @returns {Promise<{ text: string, fault?: string }>} `fault`: what no caller may be given.
 */
export async function outcomeOf(storage, method, args) {
  try {
    const result = storage[method](...args);
    if (typeof result?.next === 'function') return await outcomeOfIteration(result, method);
    return ofValue(await result, method);
  } catch (error) {
    return ofError(error, method, args);
  }
}

async function outcomeOfIteration(iterator, method) {
  if (method === 'watch') return outcomeOfWatch(iterator);
  const found = [];
  for await (const one of iterator) if (found.push(one) === MOST_STEPS) break;
  const text = canonical(found.map((one) => ({ ...one, committedAt: undefined })));
  return { text, fault: faultOf(found) };
}

/** It may have nothing to tell. */
async function outcomeOfWatch(iterator) {
  const next = iterator.next().then(({ done }) => (done ? 'done' : 'told'));
  next.catch(() => {}); // it is waited for below
  const waits = new Promise((resolve) => setTimeout(resolve, 5, PENDING));
  const text = await Promise.race([next, waits]);
  await iterator.return();
  await next;
  return { text: text === 'told' ? PENDING : text };
}

function ofValue(value, method) {
  if (OWN_FIGURES.has(method)) return { text: 'answered' };
  return { text: canonical(value), fault: faultOf(value) };
}

/** Plain and frozen through and through, but for the array that a call returns. */
function faultOf(value) {
  const parts = Array.isArray(value) ? value : [value];
  if (types.isProxy(value) || parts.some((part) => types.isProxy(part))) return 'a proxy came back';
  try {
    for (const part of parts) if (typeof part === 'object' && part !== null) assertDeepFrozen(part);
    return undefined;
  } catch (error) {
    return `what came back can be changed: ${error.message}`;
  }
}

function ofError(error, method, args) {
  if (error instanceof StorageError) return { text: `${error.code} at ${error.path}` };
  if (method === 'commit' && isOfSource(error, args[0])) return { text: 'the error of the source' };
  const told = error instanceof Hostility ? 'the error of what was handed in' : String(error?.stack ?? error);
  return { text: 'no StorageError', fault: told };
}

/** It comes back as it is: what the source was made to throw, or what the language says of how it iterates. A generator does neither. */
function isOfSource(error, source) {
  if (!isSource(source) || types.isGeneratorObject(source)) return false;
  if (!(error instanceof Error) || error instanceof Hostility) return true;
  return error instanceof TypeError && /iterator|is not a(n object| function)|proxy/i.test(error.message);
}

function isSource(changes) {
  try {
    return typeof changes?.[Symbol.asyncIterator] === 'function';
  } catch {
    return false;
  }
}
