import type { StoreKeys } from '../store/keys.js';
import type { Operation } from '../wire/messages.js';
import type { Plan } from './plan.js';

/** How much of a text stands at one key: well below what etcd takes as one request. */
const PIECE_BYTES = 512 * 1024;

/** A text and where it goes. */
export interface NamedText {
  /** As rows name it. */
  readonly name: string;
  readonly text: string;
  readonly pieces: number;
}

type Put = Operation & { op: 'put' };

/** How many keys a text takes. */
export function piecesOf(text: string): number {
  return Math.max(1, Math.ceil(Buffer.byteLength(text) / PIECE_BYTES));
}

/** What writes a text. */
export function* putsOf({ name, text, pieces }: NamedText, keys: StoreKeys): Generator<Put> {
  const bytes = Buffer.from(text);
  if (pieces === 1) {
    yield { op: 'put', key: keys.text(name), value: bytes };
    return;
  }
  for (let piece = 0; piece < pieces; piece += 1) {
    const value = bytes.subarray(piece * PIECE_BYTES, (piece + 1) * PIECE_BYTES);
    yield { op: 'put', key: keys.text(name, piece), value };
  }
}

/** What writes the texts of a plan; those of refused commits as well where the plan may change. */
export function* textPuts({ texts }: Plan, keys: StoreKeys, which: 'made' | 'all'): Generator<Put> {
  for (const text of texts) if (!text.isRefused || which === 'all') yield* putsOf(text, keys);
}

/** What deletes the texts of refused commits, where they were written before it was known. */
export function refusedTexts({ refused, group }: Plan, keys: StoreKeys): readonly Operation[] {
  return refused.map(([from, before]) => ({ op: 'delete', ...keys.textsBetween(group.id, from, before) }));
}
