import type { ConnectionFigures } from '@gati-framework/manifest-store';
import type { PostgresPool } from './postgres-pool.js';

type Counts = Pick<PostgresPool, 'totalCount' | 'idleCount' | 'waitingCount' | 'options'>;

/**
 * How busy a pool is; nothing where it does not tell.
 *
 * @param kept Connections that count as used, and are at hand for whoever comes next.
 */
export function connectionFigures(
  { totalCount: total, idleCount: idle, waitingCount: waiting, options }: Counts,
  kept = 0,
): ConnectionFigures | undefined {
  if (total === undefined || idle === undefined || waiting === undefined) return undefined;
  const max = options?.max;
  return { inUse: total - idle - kept, idle: idle + kept, waiting, ...(max !== undefined && { max }) };
}
