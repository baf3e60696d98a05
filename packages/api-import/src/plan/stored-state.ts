import type { Entry, HandlerManifest, Storage } from '@gati-framework/manifest-store';
import type { ImportableDocument } from '../document/importable-document.js';
import { baseRef } from '../gtypes/refs.js';
import { TypeUniverse } from '../gtypes/type-universe.js';
import type { loadTypes, StoredApi } from './stored-apis.js';

/** What a store holds of the handlers and types of a document, as of one moment. */
export interface StoredState {
  readonly apis: readonly StoredApi[];
  readonly graphs: ReadonlyMap<string, Entry<'versionGraph'>>;
  /** The versions of each handler, oldest first. */
  readonly manifests: ReadonlyMap<string, readonly Entry<'manifest'>[]>;
  readonly types: ReadonlyMap<string, Entry<'gtype'>>;
  /** The refs that a type was stored under, first one first, by the ref that it has in the document. */
  readonly versionsOfType: ReadonlyMap<string, readonly string[]>;
  readonly universe: TypeUniverse;
  /** Handlers that the document does not have. */
  readonly otherHandlers: readonly string[];
  /** The latest version of each of these, as far as it has one. */
  readonly latestOfOthers: ReadonlyMap<string, HandlerManifest>;
}

export async function loadStoredState(
  storage: Pick<Storage, 'entries'>,
  document: ImportableDocument,
  { types, apis }: Awaited<ReturnType<typeof loadTypes>>,
): Promise<StoredState> {
  const wanted = new Set(document.handlers.map(({ handlerId }) => handlerId));
  const graphs = new Map<string, Entry<'versionGraph'>>();
  const manifests = new Map<string, Entry<'manifest'>[]>();
  const others = new Set<string>();
  const latestOfOthers = new Map<string, HandlerManifest>();
  for await (const entry of storage.entries({ kinds: ['manifest', 'versionGraph'] })) {
    if (entry.kind === 'manifest' || entry.kind === 'versionGraph') {
      const { handlerId } = entry.key;
      if (!wanted.has(handlerId)) {
        others.add(handlerId);
        if (entry.kind === 'manifest') keepLatest(latestOfOthers, entry.value);
      } else if (entry.kind === 'versionGraph') graphs.set(handlerId, entry);
      else append(manifests, handlerId, entry);
    }
  }
  for (const versions of manifests.values()) versions.sort((a, b) => a.value.createdAt - b.value.createdAt);
  const versionsOfType = new Map<string, string[]>();
  for (const ref of types.keys()) append(versionsOfType, baseRef(ref), ref);
  const universe = new TypeUniverse((ref) => types.get(ref)?.value);
  return {
    apis,
    graphs,
    manifests,
    types,
    versionsOfType,
    universe,
    otherHandlers: [...others],
    latestOfOthers,
  };
}

function keepLatest(found: Map<string, HandlerManifest>, manifest: HandlerManifest): void {
  const known = found.get(manifest.handlerId);
  if (known === undefined || known.createdAt <= manifest.createdAt) found.set(manifest.handlerId, manifest);
}

function append<T>(lists: Map<string, T[]>, name: string, item: T): void {
  const list = lists.get(name);
  if (list === undefined) lists.set(name, [item]);
  else list.push(item);
}
