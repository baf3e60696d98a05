import type {
  Change,
  Entry,
  Expectation,
  RecordKey,
  RecordKind,
  RecordTypes,
  Storage,
  TimescapeMetadata,
  VersionGraph,
} from '@gati-framework/manifest-store';
import {
  ARTIFACT_PREFIX,
  describeKey,
  keyTuple,
  recordOfNoHandler,
  TIMELINE_PREFIX,
} from '@gati-framework/manifest-store/backend';
import type { TagDraft, TimescapeDraft, VersionDraft } from '../gati-app/timescape-draft.js';

/** What an import adds to what a store knows of versions. */
export interface TimescapeReport {
  /** Versions that the store did not have. */
  readonly versions: number;
  /** Labels that are new, or point to another version. */
  readonly tags: number;
  /** Notes of the timeline that the store did not have. */
  readonly notes: number;
}

export interface TimescapePlan {
  readonly changes: readonly Change[];
  readonly expect: readonly Expectation[];
  readonly report: TimescapeReport;
}

/**
 * What is not in the store yet. What is there stays: versions, notes, labels that are not older than those that are
 * imported, and counts that are not smaller.
 */
export async function planTimescape(
  storage: Pick<Storage, 'entries'>,
  draft: TimescapeDraft,
): Promise<TimescapePlan> {
  const stored = new Map<string, Entry>();
  for await (const entry of storage.entries({ kinds: ['versionGraph', 'timescapeMetadata'] }))
    stored.set(nameOf(entry), entry);
  const plan = new Plan(stored);
  for (const [handlerId, versions] of draft.versions) {
    plan.addVersions(handlerId, versions, draft.tags);
    for (const version of versions) plan.addCounts(handlerId, version);
  }
  for (const { type, id, version } of draft.artifacts) {
    const artifact = { id, type, version, hash: '' };
    plan.addRecord(`${ARTIFACT_PREFIX}${type}`, id, { artifact, history: [version] });
  }
  for (const { type, id, note } of draft.notes)
    plan.notes += plan.addRecord(`${TIMELINE_PREFIX}${type}`, id, { change: note }) ? 1 : 0;
  return plan;
}

class Plan implements TimescapePlan {
  readonly changes: Change[] = [];
  readonly expect: Expectation[] = [];
  readonly #stored: ReadonlyMap<string, Entry>;
  readonly #put = new Set<string>();
  versions = 0;
  tags = 0;
  notes = 0;

  constructor(stored: ReadonlyMap<string, Entry>) {
    this.#stored = stored;
  }

  get report(): TimescapeReport {
    return { versions: this.versions, tags: this.tags, notes: this.notes };
  }

  addVersions(handlerId: string, versions: readonly VersionDraft[], allTags: readonly TagDraft[]): void {
    const before = this.#read<'versionGraph'>({ kind: 'versionGraph', key: { handlerId } });
    const known = new Set(before?.versions.map(({ version }) => version));
    const added = versions.filter(({ version }) => !known.has(version));
    const tags = allTags.filter((tag) => tag.handlerId === handlerId && isNewTag(tag, before));
    if (added.length + tags.length === 0) return;
    this.versions += added.length;
    this.tags += tags.length;
    this.changes.push({ put: 'versionGraph', value: withTags(withVersions(handlerId, before, added), tags) });
  }

  addCounts(handlerId: string, { version, hash, active, requestCount, lastAccessed }: VersionDraft): void {
    const before = this.#read<'timescapeMetadata'>({
      kind: 'timescapeMetadata',
      key: { handlerId, version },
    });
    const metrics = before?.metrics ?? { requestCount: 0, errorRate: 0, avgLatency: 0, lastUpdated: 0 };
    const isNew = before === undefined && !active;
    if (requestCount <= metrics.requestCount && !isNew) return;
    const value: TimescapeMetadata = {
      ...(before ?? recordOfNoHandler(handlerId, version, { fingerprint: hash })),
      metrics: {
        ...metrics,
        requestCount: Math.max(requestCount, metrics.requestCount),
        lastUpdated: Math.max(lastAccessed, metrics.lastUpdated),
      },
    };
    const deployment = { ...value.deployment, status: 'decommissioned' } as const;
    this.changes.push({ put: 'timescapeMetadata', value: isNew ? { ...value, deployment } : value });
  }

  /** @returns Whether it is new. */
  addRecord(handlerId: string, version: string, content: object): boolean {
    const name = `${handlerId} ${version}`;
    const key = { kind: 'timescapeMetadata', key: { handlerId, version } } as const;
    if (this.#put.has(name) || this.#read<'timescapeMetadata'>(key) !== undefined) return false;
    this.#put.add(name);
    this.changes.push({ put: 'timescapeMetadata', value: recordOfNoHandler(handlerId, version, content) });
    return true;
  }

  /** What a decision rests on must not have changed. */
  #read<K extends RecordKind>(wanted: RecordKey<K>): RecordTypes[K] | undefined {
    const entry = this.#stored.get(nameOf(wanted));
    this.expect.push(entry ?? ({ ...wanted, revision: null } as Expectation));
    return entry?.value as RecordTypes[K] | undefined;
  }
}

function nameOf<K extends RecordKind>({ kind, key }: RecordKey<K>): string {
  return describeKey(kind, keyTuple(kind, key));
}

/** One that points elsewhere and is not older than that of the store. */
function isNewTag({ label, version, createdAt }: TagDraft, graph: VersionGraph | undefined): boolean {
  const known = graph?.tags?.find((tag) => tag.label === label);
  return known === undefined || (known.version !== version && known.createdAt < createdAt);
}

function withVersions(
  handlerId: string,
  before: VersionGraph | undefined,
  added: readonly VersionDraft[],
): VersionGraph {
  const nodes = added.map(({ version, hash, deployedAt, active, dbSchemaVersion }) => ({
    ...{ version, manifestHash: hash, deployedAt, active, breaking: false },
    ...(dbSchemaVersion === undefined ? {} : { dbSchemaVersion }),
  }));
  const versions = [...(before?.versions ?? []), ...nodes].sort((a, b) => a.deployedAt - b.deployedAt);
  const newest = versions.at(-1)?.version ?? '';
  const isNew = before === undefined || nodes.some(({ version }) => version === newest);
  return {
    ...before,
    handlerId,
    versions,
    currentVersion: isNew ? newest : before.currentVersion,
    latestVersion: isNew ? newest : before.latestVersion,
  };
}

function withTags(graph: VersionGraph, tags: readonly TagDraft[]): VersionGraph {
  if (tags.length === 0) return graph;
  const moved = new Set(tags.map(({ label }) => label));
  const others = (graph.tags ?? []).filter(({ label }) => !moved.has(label));
  const added = tags.map(({ label, version, createdAt, createdBy }) => ({
    label,
    version,
    createdAt,
    createdBy,
  }));
  return { ...graph, tags: [...others, ...added] };
}
