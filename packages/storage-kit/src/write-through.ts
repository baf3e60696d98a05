import type { PreparedChange } from '@gati-framework/manifest-store/backend';
import { keyName, type ReadCache } from './read-cache.js';

/** So many changes are sorted out one by one in a few milliseconds. */
export const MAX_SORTED_CHANGES = 1_000;

/**
 * Takes what was committed, in order, into the cache: the answers that it made
 * outdated are gone when this returns, and the records are there to be read.
 * With more than {@link MAX_SORTED_CHANGES} the cache begins anew instead, as
 * nothing may be answered until all of them are sorted out.
 *
 * @param begun What `beginRead` said before the commits.
 */
export function writeThrough(
  cache: ReadCache,
  begun: number,
  commits: readonly (readonly PreparedChange[])[],
): void {
  const count = commits.reduce((sum, changes) => sum + changes.length, 0);
  if (count > MAX_SORTED_CHANGES) cache.clear();
  else for (const changes of commits) for (const change of changes) writeChange(cache, begun, change);
}

function writeChange(cache: ReadCache, begun: number, change: PreparedChange): void {
  if (change.op === 'clear') {
    cache.clear();
    return;
  }
  // Somebody else may have written it after this commit and before this moment.
  const isNewest = cache.isUnchanged(begun, keyName(change.kind, change.key));
  cache.invalidate(change.kind, change.key);
  if (isNewest && change.op === 'put' && change.frozen) {
    cache.install(change.kind, change.key, change.value, change.weight);
  }
}
