import type { TimescapeMetadata } from '@gati-framework/manifest-store';
import { ARTIFACT_PREFIX, recordOfNoHandler } from '@gati-framework/manifest-store/backend';
import type { ArtifactType, TimescapeArtifact, TSV } from '@gati-framework/runtime/timescape/types';

/** So many versions of a module or schema are remembered. */
const HISTORY = 1_000;

/** What a record of a module, a schema and the like holds. */
export interface StoredArtifact {
  readonly artifact: TimescapeArtifact;
  /** Every version that was registered, the newest last. */
  readonly history: readonly TSV[];
}

export function artifactHandler(type: ArtifactType): string {
  return `${ARTIFACT_PREFIX}${type}`;
}

export function artifactIn(metadata: TimescapeMetadata | undefined): StoredArtifact | undefined {
  const { artifact, history } = Object(metadata) as Partial<StoredArtifact>;
  return artifact === undefined || history === undefined ? undefined : { artifact, history };
}

export function artifactRecord(
  artifact: TimescapeArtifact,
  before: StoredArtifact | undefined,
): TimescapeMetadata {
  const history = [...(before?.history ?? []), artifact.version].slice(-HISTORY);
  return recordOfNoHandler(artifactHandler(artifact.type), artifact.id, { artifact, history });
}

/** What a registry of the runtime tells by type and id. */
const KEPT = ['module', 'schema', 'route', 'event_handler', 'effect'] as const;
/** Those, and the configuration, of which there is one. */
export const TRACKED: readonly ['config', ...typeof KEPT] = ['config', ...KEPT];

export function isKept(type: TimescapeArtifact['type']): type is (typeof KEPT)[number] {
  return KEPT.some((one) => one === type);
}
