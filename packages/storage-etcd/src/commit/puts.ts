import type { StoreKeys } from '../store/keys.js';
import type { Operation } from '../wire/messages.js';
import { PIECE_BYTES, type Plan } from './plan.js';

/** What writes the texts of a plan; those of refused commits as well where the plan may change. */
export function* textPuts(
  { texts }: Plan,
  keys: StoreKeys,
  which: 'made' | 'all',
): Generator<Operation & { op: 'put' }> {
  for (const { name, text, pieces, isRefused } of texts) {
    if (isRefused && which === 'made') continue;
    const bytes = Buffer.from(text);
    if (pieces === 1) {
      yield { op: 'put', key: keys.text(name), value: bytes };
      continue;
    }
    for (let piece = 0; piece < pieces; piece += 1) {
      const value = bytes.subarray(piece * PIECE_BYTES, (piece + 1) * PIECE_BYTES);
      yield { op: 'put', key: keys.text(name, piece), value };
    }
  }
}

/** What deletes the texts of refused commits, where they were written before it was known. */
export function refusedTexts({ refused, group }: Plan, keys: StoreKeys): readonly Operation[] {
  return refused.map(([from, before]) => ({ op: 'delete', ...keys.textsBetween(group.id, from, before) }));
}
