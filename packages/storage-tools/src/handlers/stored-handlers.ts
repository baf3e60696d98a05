import type { HandlerManifest, Storage, VersionGraph } from '@gati-framework/manifest-store';

/** A handler as the store has it. */
export interface StoredHandler {
  readonly handlerId: string;
  /** Oldest first; empty when only a version graph is stored. */
  readonly manifests: readonly HandlerManifest[];
  readonly graph: VersionGraph | undefined;
}

/** The handlers of a store, or one of them, sorted by id; all versions are read at one revision. */
export async function readHandlers(
  storage: Pick<Storage, 'entries'>,
  handlerId?: string,
): Promise<StoredHandler[]> {
  const handlers = new Map<string, { manifests: HandlerManifest[]; graph: VersionGraph | undefined }>();
  const filter = handlerId === undefined ? {} : { handlerId };
  for await (const entry of storage.entries({ kinds: ['manifest', 'versionGraph'], ...filter })) {
    if (entry.kind !== 'manifest' && entry.kind !== 'versionGraph') continue;
    const id = entry.key.handlerId;
    let handler = handlers.get(id);
    if (handler === undefined) {
      handler = { manifests: [], graph: undefined };
      handlers.set(id, handler);
    }
    if (entry.kind === 'manifest') handler.manifests.push(entry.value);
    else handler.graph = entry.value;
  }
  const list = Array.from(handlers, ([id, { manifests, graph }]) => ({
    handlerId: id,
    manifests: manifests.sort((a, b) => a.createdAt - b.createdAt),
    graph,
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
