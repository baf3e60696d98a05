import type { CommitOptions, Expectation, Revision, Storage } from '@gati-framework/manifest-store';
import { invalidOption } from '@gati-framework/manifest-store/backend';
import { countRecords } from '../count-records.js';

/** What a target has to be able to do. */
export type TargetStorage = Pick<Storage, 'capabilities' | 'commit' | 'entries' | 'stats'>;

/** A target as it was found. */
export interface FoundTarget {
  /** How many records it holds. */
  readonly held: number;
  readonly revision: Revision;
}

/** @param methods Those of a storage that are needed. */
export function checkMethods(storage: unknown, path: string, methods: readonly (keyof Storage)[]): void {
  const missing = methods.filter((name) => typeof Reflect.get(Object(storage), name) !== 'function');
  if (missing.length === 0) return;
  const isPromise = typeof Object(storage).then === 'function';
  throw invalidOption(
    path,
    isPromise ? 'is the promise of a storage: await it' : `must be a storage with ${missing.join(', ')}`,
  );
}

export function checkTarget(to: TargetStorage): void {
  checkMethods(to, 'to', ['commit', 'entries', 'stats']);
}

export async function findTarget(to: TargetStorage): Promise<FoundTarget> {
  const stats = await to.stats();
  return { held: countRecords(stats), revision: stats.revision };
}

/**
 * What must be true of a target so that nobody has committed since it was found. One that does not keep its past can only be
 * asked about the records that it holds, whose keys are in memory then.
 */
export async function unchangedSince(
  to: TargetStorage,
  { revision }: FoundTarget,
): Promise<Pick<CommitOptions, 'expect' | 'expectRevision'>> {
  if (to.capabilities.history) return { expectRevision: revision };
  const expect: Expectation[] = [];
  for await (const { kind, key, revision: written } of to.entries())
    expect.push({ kind, key, revision: written } as Expectation);
  return { expect };
}
