import type { Change, VersionGraph } from '@gati-framework/manifest-store';
import type { HandlerEntries } from '../prune/stored-versions.js';
import { withoutVersions } from '../prune/without-versions.js';

/**
 * How a handler loses one version. What was made from it is said to be made from what it was made from;
 * if it was current, that is now the nearest version that it was made from, if it was the latest, the newest one that
 * is left. A version graph without a version goes, too.
 */
export function withoutVersion(handler: HandlerEntries, version: string): ReturnType<typeof withoutVersions> {
  const { changes, expect } = withoutVersions(handler, new Set([version]));
  const before = handler.graph?.value;
  if (before === undefined) return { changes, expect };
  return { expect, changes: changes.map((change) => pointedElsewhere(change, before, version)) };
}

function pointedElsewhere(change: Change, before: VersionGraph, version: string): Change {
  if (!('put' in change) || change.put !== 'versionGraph') return change;
  const { handlerId, versions, currentVersion, latestVersion } = change.value;
  const newest = versions.reduce<(typeof versions)[number] | undefined>(
    (found, node) => (found === undefined || node.deployedAt >= found.deployedAt ? node : found),
    undefined,
  )?.version;
  if (newest === undefined) return { delete: 'versionGraph', key: { handlerId } };
  const parent = before.versions.find((node) => node.version === version)?.parent;
  const isLeft = versions.some((node) => node.version === parent);
  return {
    put: 'versionGraph',
    value: {
      ...change.value,
      currentVersion: currentVersion === version ? ((isLeft ? parent : newest) ?? newest) : currentVersion,
      latestVersion: latestVersion === version ? newest : latestVersion,
    },
  };
}
