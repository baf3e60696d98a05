import type { Change } from '../contract/storage.js';
import { guardInput } from './input.js';
import { type PreparedChange, prepareChange, prepareChanges } from './prepare-change.js';

/** Whether changes come one after the other instead of as an array. */
export function isStream(changes: unknown): changes is AsyncIterable<Change> {
  return guardInput('changes', 'INVALID_OPTIONS', () => {
    if (typeof changes !== 'object' || changes === null || Array.isArray(changes)) return false;
    return typeof Reflect.get(changes, Symbol.asyncIterator) === 'function';
  });
}

/**
 * Validates and copies changes as they come. What the stream itself throws is thrown as it is; a refused change
 * ends the stream.
 */
export async function* prepareStream(
  changes: AsyncIterable<Change>,
  maxBytes: number | undefined,
): AsyncGenerator<PreparedChange> {
  let number = 0;
  for await (const change of changes) {
    const label = `changes[${number}]`;
    yield guardInput(label, 'INVALID_OPTIONS', () => prepareChange(change, maxBytes, label));
    number += 1;
  }
}

/** The changes of a commit, however they come. It is looked at once: a proxy may say something else the second time. */
export function prepareGiven(
  changes: readonly Change[] | AsyncIterable<Change>,
  maxBytes: number | undefined,
): PreparedChange[] | AsyncIterable<PreparedChange> {
  return isStream(changes) ? prepareStream(changes, maxBytes) : prepareChanges(changes, maxBytes);
}

/** All that a prepared stream yields, for a storage that applies only what it holds. */
export async function gatherChanges(prepared: AsyncIterable<PreparedChange>): Promise<PreparedChange[]> {
  const gathered: PreparedChange[] = [];
  for await (const change of prepared) gathered.push(change);
  return gathered;
}
