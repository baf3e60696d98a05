import type { Overview } from '../../../api/overview.js';

type Figures = Overview['figures'];

/** Whether the store answers, and in what time. */
export function healthText({ status, latency, message }: Overview['health']): string {
  return status === 'ok' ? `ok, ${latency.toFixed(1)} ms` : (message ?? 'failed');
}

/** How soon commits of others are heard of. */
export function feedText({ state, lag }: NonNullable<Figures['feed']>): string {
  if (state !== 'following') return state;
  return lag < 1 ? 'at once' : `within ${Math.ceil(lag).toLocaleString('en')} ms`;
}

/** What part of look-ups the cache has answered. */
export function cacheText({ hits, misses, hitRate }: NonNullable<Figures['cache']>): string {
  return hits + misses === 0 ? 'not asked yet' : `${Math.round(hitRate * 100)} %`;
}
