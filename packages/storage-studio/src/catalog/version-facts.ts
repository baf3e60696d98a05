import type { HandlerManifest, Revision, VersionGraph } from '@gati-framework/manifest-store';
import type { FilteredVersion } from '@gati-framework/storage-tools/filter';
import { fieldOf, type Names, OBJECT_BYTES, textBytes } from './names.js';

/** What a manifest names, and where: `gtypes.request`, `hooks.before`. */
export interface Use {
  readonly place: string;
  readonly name: string;
}

/** What is known of a version of a handler. */
export interface VersionFacts extends FilteredVersion {
  readonly version: string;
  readonly createdAt: number;
  /** The commit that last stored its manifest. */
  readonly revision: Revision;
  readonly types: readonly Use[];
  readonly hooks: readonly Use[];
  /** Estimated. */
  readonly bytes: number;
}

export function versionFacts(manifest: HandlerManifest, revision: Revision, names: Names): VersionFacts {
  const usesOf = (field: string): Use[] =>
    Object.entries(Object(fieldOf(manifest, field))).flatMap(([place, value]) =>
      names.list(value).map((name) => ({ place: names.keep(`${field}.${place}`), name })),
    );
  const [types, hooks] = [usesOf('gtypes'), usesOf('hooks')];
  const method = names.list(manifest.method);
  const [path = ''] = names.list(manifest.path);
  const roles = names.list(fieldOf(manifest.policies, 'roles'));
  const modules = names.list(fieldOf(manifest.dependencies, 'modules'));
  const plugins = names.list(fieldOf(manifest.dependencies, 'plugins'));
  const named = [...method, path, ...roles, ...modules, ...plugins];
  const text = named.reduce((sum, one) => sum + textBytes(one), textBytes(manifest.version));
  return {
    version: names.keep(manifest.version),
    createdAt: manifest.createdAt,
    revision,
    method: [...method],
    path,
    policies: { roles: [...roles] },
    dependencies: { modules: [...modules], plugins: [...plugins] },
    types,
    hooks,
    bytes: 6 * OBJECT_BYTES + text + OBJECT_BYTES * (types.length + hooks.length),
  };
}

/** What is known of a version graph. */
export interface GraphFacts {
  readonly current: string | undefined;
  readonly latest: string | undefined;
  /** In their order. */
  readonly nodes: ReadonlyMap<string, NodeFacts>;
  readonly revision: Revision;
  /** Estimated. */
  readonly bytes: number;
}

export interface NodeFacts {
  readonly breaking: boolean;
  readonly deployedAt: number | undefined;
}

export function graphFacts(graph: VersionGraph, revision: Revision, names: Names): GraphFacts {
  const nodes = new Map<string, NodeFacts>();
  const listed: unknown = graph.versions;
  for (const node of Array.isArray(listed) ? listed : []) {
    const [version] = names.list(fieldOf(node, 'version'));
    const deployedAt = fieldOf(node, 'deployedAt');
    if (version === undefined) continue;
    nodes.set(version, {
      breaking: fieldOf(node, 'breaking') === true,
      deployedAt: typeof deployedAt === 'number' ? deployedAt : undefined,
    });
  }
  const [current] = names.list(graph.currentVersion);
  const [latest] = names.list(graph.latestVersion);
  return { current, latest, nodes, revision, bytes: 2 * OBJECT_BYTES + 2 * OBJECT_BYTES * nodes.size };
}
