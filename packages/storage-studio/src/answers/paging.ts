import { LIMITS, type Page } from '../api/index.js';
import { invalidInput } from './invalid-input.js';

/** A part of a list that is known as a whole; a cursor is how many stand before it. */
export function pageOf<T, V>(
  list: readonly T[],
  {
    cursor,
    limit = LIMITS.page,
  }: { readonly cursor?: string | undefined; readonly limit?: number | undefined },
  view: (item: T) => V,
): Page<V> {
  const offset = readCursor(cursor);
  const items = list.slice(offset, offset + limit).map(view);
  const end = offset + items.length;
  return { items, total: list.length, ...(end < list.length && { next: String(end) }) };
}

export function readCursor(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const offset = /^\d{1,15}$/.test(cursor) ? Number(cursor) : Number.NaN;
  if (Number.isSafeInteger(offset)) return offset;
  throw invalidInput('cursor', 'is none that an answer gave');
}
