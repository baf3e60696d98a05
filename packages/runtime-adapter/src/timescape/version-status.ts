import type { VersionClassificationConfig } from '@gati-framework/runtime/timescape/registry';
import type { VersionStatus } from '@gati-framework/runtime/timescape/types';

export interface Activity {
  /** Whether the version graph says so; what was deactivated stays cold whoever asks for it. */
  readonly active: boolean;
  readonly requestCount: number;
  /** Milliseconds since the epoch: the last request, or the deployment. */
  readonly lastAccessed: number;
}

/**
 * By age and use, as the runtime decides it; a version that nobody can have asked for yet is hot, as the
 * runtime registers it.
 */
export function statusOf(
  { active, requestCount, lastAccessed }: Activity,
  config: VersionClassificationConfig,
  now: number,
): VersionStatus {
  const idle = now - lastAccessed;
  if (!active || idle > config.coldThresholdMs) return 'cold';
  const recency = Math.max(0, 1 - idle / config.classificationWindowMs);
  if (requestCount === 0) return recency > 0 ? 'hot' : 'warm';
  return Math.floor(requestCount * recency) >= config.hotThresholdRequests ? 'hot' : 'warm';
}
