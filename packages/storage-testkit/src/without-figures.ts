import type { StorageFigures } from '@gati-framework/manifest-store';

/** What `stats()` says of the store, without how the storage does, which differs from one answer to the next. */
export function withoutFigures<S extends StorageFigures>(stats: S): Omit<S, keyof StorageFigures> {
  const { cache: _1, feed: _2, history: _3, bytes: _4, connections: _5, lastError: _6, ...store } = stats;
  return store;
}
