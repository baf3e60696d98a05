import {
  type Difference,
  fromApiType,
  HandlerComparer,
  type SeenDocument,
  TypeUniverse,
} from '@gati-framework/api-import';
import type { GType, HandlerManifest, Storage, VersionNode } from '@gati-framework/manifest-store';
import type { StoredHandler } from '@gati-framework/storage-tools';

/** One version of a handler with what led to it. */
export interface HandlerDetails {
  readonly manifest: HandlerManifest;
  /** The version graph, oldest first, with what changed from each version's parent. */
  readonly versions: readonly (VersionNode & {
    readonly differences: readonly Difference[];
    /** The document that the version came from, if that is remembered. */
    readonly document?: SeenDocument;
  })[];
  readonly latestVersion: string;
  /** The types that the manifest names. */
  readonly types: readonly GType[];
  /** Refs of all further types that these reach. */
  readonly furtherTypes: readonly string[];
}

/** What led to a version of a handler, compared with the types that are stored now. */
export async function handlerDetails(
  storage: Pick<Storage, 'entries'>,
  handler: StoredHandler,
  manifest: HandlerManifest,
): Promise<HandlerDetails> {
  const { types, documents } = await loadTypes(storage, handler.handlerId);
  return describe(handler, manifest, types, documents);
}

/** The types of a store, and the documents of the API that a handler belongs to. */
async function loadTypes(
  storage: Pick<Storage, 'entries'>,
  handlerId: string,
): Promise<{ types: TypeUniverse; documents: readonly SeenDocument[] }> {
  const types = new Map<string, GType>();
  let documents: readonly SeenDocument[] = [];
  for await (const entry of storage.entries({ kinds: ['gtype'] })) {
    if (entry.kind !== 'gtype') continue;
    const api = fromApiType(entry.value);
    if (api === undefined) types.set(entry.key.ref, entry.value);
    else if (api.handlers.includes(handlerId)) documents = api.documents;
  }
  return { types: new TypeUniverse((ref) => types.get(ref)), documents };
}

function describe(
  handler: StoredHandler,
  manifest: HandlerManifest,
  types: TypeUniverse,
  documents: readonly SeenDocument[],
): HandlerDetails {
  const comparer = new HandlerComparer(types, types);
  const byVersion = new Map(handler.manifests.map((found) => [found.version, found]));
  const versions = (handler.graph?.versions ?? []).map((node) => {
    const before = node.parent === undefined ? undefined : byVersion.get(node.parent);
    const after = byVersion.get(node.version);
    const comparable = before !== undefined && after !== undefined;
    const document = documents.find(({ version }) => version === node.version);
    return {
      ...node,
      differences: comparable ? comparer.compare(before, after) : [],
      ...(document === undefined ? {} : { document }),
    };
  });
  const refs = [...new Set(Object.values(manifest.gtypes))];
  const named = refs.flatMap((ref) => types.get(ref) ?? []);
  const furtherTypes = [...types.reachable(refs)].filter((ref) => !refs.includes(ref)).sort();
  const latestVersion =
    handler.graph?.latestVersion ?? (handler.manifests[handler.manifests.length - 1]?.version as string);
  return { manifest, versions, latestVersion, types: named, furtherTypes };
}
