import { type Change, type Expectation, type Storage, StorageError } from '@gati-framework/manifest-store';
import {
  type DecidedOptions,
  decideOptions,
  invalidOption,
  type OptionRule,
  type OptionRules,
  optionRules,
} from '@gati-framework/manifest-store/backend';
import { checkStorage } from '../check-storage.js';
import { type HandlerEntries, readHandlerEntries } from './stored-versions.js';
import { withoutVersions } from './without-versions.js';

export interface PruneOptions {
  /** Versions made longer ago than this, in milliseconds, may go. */
  olderThan?: number;
  /** The newest so many versions of each handler stay; older ones may go. */
  keep?: number;
  /** Versions that stay whatever else is said. */
  protect?: (handlerId: string, version: string) => boolean;
  /** Takes those, too, that others refer to: their transformers go, and what was made from them is said to be made from what they were made from. */
  force?: boolean;
  /** What is now, in milliseconds since the epoch. Default: `Date.now()`. */
  now?: number;
}

export interface PrunedVersion {
  readonly handlerId: string;
  readonly version: string;
  /** Why it stays; absent: it goes. */
  readonly keptFor?: string;
}

/** What pruning would do. */
export interface PrunePlan {
  /** Every decommissioned version that is old enough, by handler, oldest first. */
  readonly versions: readonly PrunedVersion[];
  /** To be committed together with `expect`: if somebody has changed one of these handlers since, nothing is done. */
  readonly changes: readonly Change[];
  readonly expect: readonly Expectation[];
}

/**
 * Which versions can be deleted: those that are decommissioned (by their Timescape
 * metadata), and older than `olderThan` or not among the newest `keep`. One stays all the
 * same when it is protected, is the current or latest version of its graph, has a tag there, or,
 * without `force`, is active there, has a transformer, or has others made from it.
 *
 * Nothing is deleted: `storage.commit(plan.changes, { expect: plan.expect })` does that.
 *
 * @throws StorageError `INVALID_OPTIONS` when neither `olderThan` nor `keep` is given, or an option that there is not.
 */
export async function planPrune(
  storage: Pick<Storage, 'entries'>,
  options: PruneOptions,
): Promise<PrunePlan> {
  checkStorage(storage);
  const decided = decide(options);
  const versions: PrunedVersion[] = [];
  const changes: Change[] = [];
  const expect: Expectation[] = [];
  for (const [handlerId, handler] of await readHandlerEntries(storage)) {
    const going = new Set<string>();
    for (const version of oldVersions(handler, decided)) {
      const keptFor = reasonToKeep(handlerId, handler, version, decided);
      versions.push(keptFor === undefined ? { handlerId, version } : { handlerId, version, keptFor });
      if (keptFor === undefined) going.add(version);
    }
    if (going.size === 0) continue;
    const without = withoutVersions(handler, going);
    changes.push(...without.changes);
    expect.push(...without.expect);
  }
  return { versions, changes, expect };
}

interface DecidedPrune extends DecidedOptions<PruneOptions, 'keep' | 'olderThan' | 'protect'> {}

const notNegative: OptionRule<number | undefined> = (value, path) => {
  if (value === undefined || (typeof value === 'number' && Number.isFinite(value) && value >= 0))
    return value;
  throw invalidOption(path, `must be a number that is not negative, not ${String(value)}`);
};

const RULES: OptionRules<DecidedPrune> = {
  olderThan: notNegative,
  keep: notNegative,
  protect: optionRules.callback(),
  force: optionRules.flag(false),
  now: (value, path) => notNegative(value, path) ?? Date.now(),
};

/** An option that is not known might be one that was to protect something. */
function decide(given: PruneOptions): DecidedPrune {
  const options = decideOptions(given, RULES);
  if (options.olderThan !== undefined || options.keep !== undefined) return options;
  throw new StorageError(
    'INVALID_OPTIONS',
    'Neither olderThan nor keep says which versions may go. Give one of them, or both.',
    { path: 'options.olderThan' },
  );
}

function oldVersions(
  { manifests, metadata }: HandlerEntries,
  { olderThan = Number.POSITIVE_INFINITY, keep = Number.POSITIVE_INFINITY, now }: DecidedPrune,
): string[] {
  return manifests.flatMap(({ value: { version, createdAt } }, i) => {
    const isOld = now - createdAt > olderThan || manifests.length - i > keep;
    const isDecommissioned = metadata.get(version)?.value.deployment.status === 'decommissioned';
    return isOld && isDecommissioned ? [version] : [];
  });
}

function reasonToKeep(
  handlerId: string,
  { graph, transformers }: HandlerEntries,
  version: string,
  { protect, force }: DecidedPrune,
): string | undefined {
  if (protect?.(handlerId, version)) return 'it is protected';
  if (graph?.value.currentVersion === version) return 'it is the current version';
  if (graph?.value.latestVersion === version) return 'it is the latest version';
  const tag = graph?.value.tags?.find((one) => one.version === version);
  if (tag !== undefined) return `it is tagged ${tag.label}`;
  if (force) return undefined;
  const nodes = graph?.value.versions ?? [];
  if (nodes.some((node) => node.version === version && node.active))
    return 'it is active in its version graph';
  const child = nodes.find(({ parent }) => parent === version);
  if (child !== undefined) return `version ${child.version} was made from it`;
  const transformer = transformers.find(
    ({ value }) => value.fromVersion === version || value.toVersion === version,
  );
  return transformer === undefined ? undefined : `transformer ${transformer.value.id} refers to it`;
}
