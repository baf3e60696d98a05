import type {
  HandlerManifest,
  Storage,
  TimescapeMetadata,
  VersionGraph,
} from '@gati-framework/manifest-store';

/** A handler as the store has it. */
export interface StoredHandler {
  readonly handlerId: string;
  /** Oldest first; empty when only a version graph is stored. */
  readonly manifests: readonly HandlerManifest[];
  readonly graph: VersionGraph | undefined;
  /** How its versions are deployed, in first-stored order; empty when nothing is stored about that. */
  readonly timescape: readonly TimescapeMetadata[];
}

interface Gathered {
  readonly manifests: HandlerManifest[];
  graph: VersionGraph | undefined;
  readonly timescape: TimescapeMetadata[];
}

/**
 * The handlers of a store that have a manifest or a version graph, or one of them, sorted by id; all versions are
 * read at one revision.
 */
export async function readHandlers(
  storage: Pick<Storage, 'entries'>,
  handlerId?: string,
): Promise<StoredHandler[]> {
  const handlers = new Map<string, Gathered>();
  const gathered = (id: string): Gathered => {
    const handler = handlers.get(id) ?? { manifests: [], graph: undefined, timescape: [] };
    handlers.set(id, handler);
    return handler;
  };
  const filter = handlerId === undefined ? {} : { handlerId };
  const kinds = ['manifest', 'versionGraph', 'timescapeMetadata'] as const;
  for await (const entry of storage.entries({ kinds, ...filter })) {
    if (entry.kind === 'manifest') gathered(entry.key.handlerId).manifests.push(entry.value);
    else if (entry.kind === 'versionGraph') gathered(entry.key.handlerId).graph = entry.value;
    // Kinds come one after the other: of a handler that there is, something was read before.
    else if (entry.kind === 'timescapeMetadata')
      handlers.get(entry.key.handlerId)?.timescape.push(entry.value);
  }
  const list = Array.from(handlers, ([id, { manifests, ...others }]) => ({
    handlerId: id,
    manifests: manifests.sort((a, b) => a.createdAt - b.createdAt),
    ...others,
  }));
  return list.sort((a, b) => (a.handlerId < b.handlerId ? -1 : 1));
}

/** Versions of a handler that can break callers of the version before. */
export function breakingVersions({ graph }: StoredHandler): ReadonlySet<string> {
  return new Set(graph?.versions.filter(({ breaking }) => breaking).map(({ version }) => version));
}

/** The names of a handler's versions, oldest first. */
export function versionNames({ manifests, graph }: StoredHandler): string[] {
  if (manifests.length > 0) return manifests.map(({ version }) => version);
  return graph?.versions.map(({ version }) => version) ?? [];
}
