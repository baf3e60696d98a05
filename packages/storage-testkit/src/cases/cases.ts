import type { StorageCapabilities } from '@gati-framework/manifest-store';
import type { ConformanceCase, TargetFeature } from '../conformance-case.js';

/** What is run, by the sentence that a storage is held to. */
export type Runs = Readonly<Record<string, ConformanceCase['run']>>;

const FEATURES: Readonly<Record<TargetFeature, true>> = {
  historyLimit: true,
  historyAge: true,
  maxRecordBytes: true,
  cacheSize: true,
  damage: true,
  block: true,
};

/** Cases of one group for storages and targets that can do all of this, in the order in which they are written. */
export function cases(
  group: string,
  conditions: readonly (keyof StorageCapabilities | TargetFeature)[],
  ...runs: readonly Runs[]
): ConformanceCase[] {
  const needs = conditions.filter(isFeature);
  const requires = conditions.filter((name) => !isFeature(name));
  return runs.flatMap(Object.entries).map(([name, run]) => ({ group, requires, needs, name, run }));
}

function isFeature(name: keyof StorageCapabilities | TargetFeature): name is TargetFeature {
  return Object.hasOwn(FEATURES, name);
}
