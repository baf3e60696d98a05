import type { TimescapeMetadata } from '@gati-framework/manifest-store';
import type { TSV } from '@gati-framework/runtime/timescape/types';

/** Requests that are not in the store yet. */
export interface Usage {
  readonly requests: number;
  /** Milliseconds since the epoch. */
  readonly lastAccessed: number;
}

/** Requests that were counted in this process since the store was last told. */
export class UsageCounts {
  #counts = new Map<TSV, Usage>();
  /** What is being told to the store. */
  #told = new Map<TSV, Usage>();

  record(tsv: TSV, now: number): void {
    this.#counts.set(tsv, { requests: (this.#counts.get(tsv)?.requests ?? 0) + 1, lastAccessed: now });
  }

  of(tsv: TSV): Usage | undefined {
    return sum(this.#told.get(tsv), this.#counts.get(tsv));
  }

  /** What is to be told now. Until `settle` it counts as untold. */
  take(): ReadonlyMap<TSV, Usage> {
    this.#told = this.#counts;
    this.#counts = new Map();
    return this.#told;
  }

  /** @param isStored Whether the store has what was taken; otherwise it is told the next time. */
  settle(isStored: boolean): void {
    const told = this.#told;
    this.#told = new Map();
    if (isStored) return;
    for (const [tsv, usage] of told) this.#counts.set(tsv, sum(usage, this.#counts.get(tsv)) ?? usage);
  }
}

function sum(a: Usage | undefined, b: Usage | undefined): Usage | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return { requests: a.requests + b.requests, lastAccessed: Math.max(a.lastAccessed, b.lastAccessed) };
}

/** Metadata with the requests of one process more. */
export function withUsage(metadata: TimescapeMetadata, { requests, lastAccessed }: Usage): TimescapeMetadata {
  const before = metadata.metrics ?? { requestCount: 0, errorRate: 0, avgLatency: 0, lastUpdated: 0 };
  return {
    ...metadata,
    metrics: {
      ...before,
      requestCount: before.requestCount + requests,
      lastUpdated: Math.max(before.lastUpdated, lastAccessed),
    },
  };
}
