import type { Change } from '../contract/storage.js';
import { guardInput } from './input.js';
import { type PreparedChange, prepareChange } from './prepare-change.js';

/** Whether changes come one after the other instead of as an array. */
export function isStream(changes: unknown): changes is AsyncIterable<Change> {
  return guardInput('changes', 'INVALID_OPTIONS', () => {
    return typeof changes === 'object' && changes !== null && Symbol.asyncIterator in changes;
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

/** All of them, for a storage that applies only what it holds. */
export async function gatherChanges(
  changes: AsyncIterable<Change>,
  maxBytes: number | undefined,
): Promise<PreparedChange[]> {
  const gathered: PreparedChange[] = [];
  for await (const change of prepareStream(changes, maxBytes)) gathered.push(change);
  return gathered;
}
