import type { Entry, RecordKind, Storage } from '@gati-framework/manifest-store';

/** What a store holds of one handler. */
export interface HandlerEntries {
  /** Oldest first. */
  readonly manifests: Entry<'manifest'>[];
  readonly metadata: Map<string, Entry<'timescapeMetadata'>>;
  readonly transformers: Entry<'transformer'>[];
  graph: Entry<'versionGraph'> | undefined;
}

const KINDS: readonly RecordKind[] = ['manifest', 'transformer', 'versionGraph', 'timescapeMetadata'];

/** Handlers with their versions and what concerns those, by id, as of one moment. */
export async function readHandlerEntries(
  storage: Pick<Storage, 'entries'>,
): Promise<Map<string, HandlerEntries>> {
  const handlers = new Map<string, HandlerEntries>();
  for await (const entry of storage.entries({ kinds: KINDS })) addEntry(handlers, entry);
  for (const { manifests } of handlers.values())
    manifests.sort((a, b) => a.value.createdAt - b.value.createdAt);
  return handlers;
}

/** Puts what concerns versions to the other entries of its handler. */
export function addEntry(handlers: Map<string, HandlerEntries>, entry: Entry): void {
  if (entry.kind === 'gtype' || entry.kind === 'hookManifest') return;
  const { handlerId } = entry.value;
  const handler = handlers.get(handlerId) ?? emptyHandler();
  handlers.set(handlerId, handler);
  if (entry.kind === 'manifest') handler.manifests.push(entry);
  else if (entry.kind === 'transformer') handler.transformers.push(entry);
  else if (entry.kind === 'versionGraph') handler.graph = entry;
  else handler.metadata.set(entry.value.version, entry);
}

function emptyHandler(): HandlerEntries {
  return { manifests: [], metadata: new Map(), transformers: [], graph: undefined };
}
