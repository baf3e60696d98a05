import { isDeepStrictEqual } from 'node:util';
import { StorageError, type Transformer, type VersionGraph } from '@gati-framework/manifest-store';
import { type EditedStorage, editRecords } from './edited-records.js';

/**
 * Stores a transformer for good, and names it in the version graph of its handler, in one commit. Versions of an
 * application rely on what a transformer does, so as in the runtime it is not to be changed: one that says the same is there already, and
 * another one for the same two versions and direction, or under the same id, is refused. When it was made does not matter.
 *
 * @returns Whether it is new.
 * @throws StorageError `STORAGE_CONFLICT` for a second, different one.
 */
export async function storeTransformer(storage: EditedStorage, transformer: Transformer): Promise<boolean> {
  const revision = await editRecords(storage, async (records) => {
    const { id, handlerId } = transformer;
    // Of two who store at once one sees the other: by the graph that both of them write, or by the revision.
    const graph = await records.graph(handlerId);
    if (graph === undefined) await records.standStill();
    const known = await records.transformer(id);
    const others = await records.transformersBetween(transformer);
    const rivals = others.filter(({ direction }) => direction === transformer.direction);
    const same = [known, ...rivals].find((one) => one !== undefined && saysTheSame(one, transformer));
    if (same !== undefined) return;
    const rival = known ?? rivals[0];
    if (rival !== undefined) throw isThere(rival);
    records.put('transformer', transformer);
    if (graph !== undefined) records.put('versionGraph', naming(graph, transformer));
  });
  return revision !== undefined;
}

function isThere({ id, fromVersion, toVersion }: Transformer): StorageError {
  return new StorageError(
    'STORAGE_CONFLICT',
    `Transformer ${id} from ${fromVersion} to ${toVersion} is stored and says something else. Transformers are not ` +
      'changed: deploy another version with a transformer of its own.',
    { details: { kind: 'transformer', key: [id], expected: null } },
  );
}

function saysTheSame(a: Transformer, b: Transformer): boolean {
  const { createdAt: _, id: _a, ...one } = a;
  const { createdAt: __, id: _b, ...other } = b;
  return isDeepStrictEqual(one, other);
}

/** At the version that it leads from. */
function naming(graph: VersionGraph, { id, fromVersion, toVersion }: Transformer): VersionGraph {
  const versions = graph.versions.map((node) => {
    const named = node.transformers ?? [];
    if (node.version !== fromVersion || named.some(({ transformerId }) => transformerId === id)) return node;
    return { ...node, transformers: [...named, { to: toVersion, transformerId: id }] };
  });
  return { ...graph, versions };
}
