import type { Entry, TimescapeMetadata, VersionGraph } from '@gati-framework/manifest-store';
import { type CommitRef, LIMITS, type VersionRow, type VersionStatus } from '../api/index.js';
import type { HandlerRecords } from '../records/handler-records.js';
import { defined, fieldOf, listOf, numberOf, stringOf } from './fields.js';
import { textOf, textsOf } from './text.js';

/** Every version of which there is a manifest or a node of the graph, oldest first. */
export function versionNamesOf({ manifests, graph }: HandlerRecords): string[] {
  const stored = manifests.map(({ value }) => value.version);
  const nodes = nodesOf(graph?.value).flatMap((node) => stringOf(fieldOf(node, 'version')) ?? []);
  const known = new Set(stored);
  // Where a version has no manifest, its place is told by its neighbours in the graph only; those come first.
  return [...nodes.filter((name) => !known.has(name)), ...stored];
}

/** Rows of these versions. */
export function versionRowsOf(
  records: HandlerRecords,
  names: readonly string[],
  commitOf: (revision: number) => CommitRef,
): VersionRow[] {
  const manifests = new Map(records.manifests.map((entry) => [entry.value.version, entry]));
  const nodes = new Map(nodesOf(records.graph?.value).map((node) => [fieldOf(node, 'version'), node]));
  const metadata = new Map(records.timescape.map(({ value }) => [value.version, value]));
  const stored = new Set(records.transformers.map(({ value }) => value.id));
  return names.map((version) => {
    const manifest = manifests.get(version);
    return {
      version,
      stored: manifest !== undefined,
      ...ofNode(nodes.get(version), stored),
      ...defined(deploymentOf(metadata.get(version))),
      ...(manifest !== undefined && ofManifest(manifest, commitOf(manifest.revision))),
    };
  });
}

function ofNode(node: unknown, stored: ReadonlySet<string>): Omit<VersionRow, 'version' | 'stored'> {
  return {
    inGraph: node !== undefined,
    breaking: fieldOf(node, 'breaking') === true,
    active: fieldOf(node, 'active') === true,
    transformers: leadingFrom(node, stored),
    ...defined({
      parent: stringOf(fieldOf(node, 'parent')),
      deployedAt: numberOf(fieldOf(node, 'deployedAt')),
    }),
  };
}

function ofManifest({ value }: Entry<'manifest'>, commit: CommitRef): Partial<VersionRow> {
  const { method, path, createdAt } = value;
  return { methods: textsOf(method), path: textOf(path), createdAt, commit };
}

function deploymentOf(metadata: TimescapeMetadata | undefined): {
  status: VersionStatus | undefined;
  rollout: number | undefined;
} {
  const deployment = fieldOf(metadata, 'deployment');
  return {
    status: stringOf(fieldOf(deployment, 'status')) as VersionStatus | undefined,
    rollout: numberOf(fieldOf(deployment, 'rolloutPercentage')),
  };
}

function leadingFrom(node: unknown, stored: ReadonlySet<string>): VersionRow['transformers'] {
  return listOf(fieldOf(node, 'transformers'))
    .slice(0, LIMITS.listed)
    .flatMap((one) => {
      const [to, id] = [stringOf(fieldOf(one, 'to')), stringOf(fieldOf(one, 'transformerId'))];
      return to === undefined || id === undefined ? [] : [{ to, id, stored: stored.has(id) }];
    });
}

export function nodesOf(graph: VersionGraph | undefined): readonly unknown[] {
  return listOf(fieldOf(graph, 'versions'));
}
