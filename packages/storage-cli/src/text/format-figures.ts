import type { StorageFigures } from '@gati-framework/manifest-store';
import { formatBytes } from './format-bytes.js';
import { formatLocalTime } from './format-local-time.js';

type Pair = readonly [name: string, value: string | undefined];

/** What is left out may be undefined as well. */
type Told = { readonly [F in keyof StorageFigures]: StorageFigures[F] | undefined };

/** How a storage does, as far as it tells; of the cache only where something was looked up. */
export function figurePairs(figures: Told): Pair[] {
  const { cache, feed, history, bytes, connections, lastError } = figures;
  const lookUps = cache === undefined ? 0 : cache.hits + cache.misses;
  return [
    ['history', history && `${history.commits} ${history.commits === 1 ? 'commit' : 'commits'}`],
    ['size', bytes === undefined ? undefined : formatBytes(bytes)],
    ['cache hits', lookUps === 0 ? undefined : `${Math.round((cache?.hitRate ?? 0) * 100)} % of ${lookUps}`],
    ['feed', feed && `${feed.state}, ${Math.round(feed.lag)} ms behind at most`],
    ['connections', connections && connectionsOf(connections)],
    [
      'last error',
      lastError && `${lastError.code} at ${formatLocalTime(lastError.at)}: ${lastError.message}`,
    ],
  ];
}

function connectionsOf({ inUse, idle, waiting, max }: NonNullable<StorageFigures['connections']>): string {
  const limit = max === undefined ? '' : ` of ${max}`;
  return `${inUse} in use${limit}, ${idle} idle, ${waiting} waiting`;
}
