import type { HandlerManifest, TimescapeMetadata } from '@gati-framework/manifest-store';
import { invalidOption, readOptions } from '@gati-framework/manifest-store/backend';
import picomatch from 'picomatch';
import type { StoredHandler } from '../handlers/stored-handlers.js';

/** What a version of a handler must be; whatever is absent may be anything. */
export interface VersionFilter {
  /** Its path, or a pattern for it: `*` stands for one part between slashes, `**` for any number; `!` in front of a pattern turns it over. */
  readonly path?: string | undefined;
  /** One of its methods, in any case. */
  readonly method?: string | undefined;
  /** One of its roles. */
  readonly role?: string | undefined;
  /** One of its modules or plugins. */
  readonly dependency?: string | undefined;
  /** The status of its deployment. A version without Timescape metadata has none. */
  readonly status?: TimescapeMetadata['deployment']['status'] | undefined;
}

/** What a filter asks of a version, beside its deployment. */
export type FilteredVersion = Pick<HandlerManifest, 'path' | 'method' | 'policies' | 'dependencies'>;

const NAMES = ['path', 'method', 'role', 'dependency', 'status'] as const;

/**
 * The names of those versions of each handler that are everything that the filter asks for, oldest first; handlers
 * without such a version are left out.
 *
 * @throws StorageError `INVALID_OPTIONS` when the filter cannot be understood.
 */
export function matchVersions(
  handlers: readonly StoredHandler[],
  filter: VersionFilter,
): ReadonlyMap<StoredHandler, readonly string[]> {
  const isWanted = versionTest(filter);
  const found = handlers.map((handler) => {
    const manifests = new Map(handler.manifests.map((manifest) => [manifest.version, manifest]));
    const statuses = new Map(handler.timescape.map((one) => [one.version, one.deployment.status]));
    // Of a handler without manifests, the graph knows the names.
    const known = manifests.size > 0 ? handler.manifests : (handler.graph?.versions ?? []);
    const names = known
      .map(({ version }) => version)
      .filter((name) => isWanted(manifests.get(name), statuses.get(name)));
    return [handler, names] as const;
  });
  return new Map(found.filter(([, names]) => names.length > 0));
}

function checked(given: VersionFilter): VersionFilter {
  const filter = readOptions(given, NAMES, 'filter');
  for (const name of NAMES) {
    const value: unknown = filter[name];
    if (value === undefined || (typeof value === 'string' && value !== '')) continue;
    throw invalidOption(`filter.${name}`, 'must be a text that is not empty');
  }
  return filter;
}

/**
 * Whether a version, and the status of its deployment, are everything that the filter asks for: for those who know the versions
 * of a store otherwise. One of which only a graph tells has no manifest to be judged by.
 *
 * @throws StorageError `INVALID_OPTIONS` when the filter cannot be understood.
 */
export function versionTest(
  filter: VersionFilter,
): (version: FilteredVersion | undefined, status: VersionFilter['status']) => boolean {
  const { status: wanted, ...ofManifest } = checked(filter);
  const isWanted = manifestTest(ofManifest);
  return (version, status) => isWanted(version) && (wanted === undefined || status === wanted);
}

/** A version of which only the graph tells has no manifest to be judged by. */
function manifestTest({
  path,
  method,
  role,
  dependency,
}: VersionFilter): (version?: FilteredVersion) => boolean {
  const tests: ((version: FilteredVersion) => boolean)[] = [];
  if (path !== undefined) {
    const isMatch = pathTest(path);
    tests.push((manifest) => manifest.path === path || isMatch(manifest.path));
  }
  if (method !== undefined) {
    const wanted = method.toUpperCase();
    tests.push((manifest) => [manifest.method].flat().some((one) => one.toUpperCase() === wanted));
  }
  if (role !== undefined) tests.push(({ policies }) => policies.roles?.includes(role) ?? false);
  if (dependency !== undefined)
    tests.push(({ dependencies: { modules, plugins = [] } }) =>
      [...modules, ...plugins].includes(dependency),
    );
  return (manifest) =>
    tests.length === 0 || (manifest !== undefined && tests.every((test) => test(manifest)));
}

function pathTest(pattern: string): (path: string) => boolean {
  try {
    // Paths of requests are the same on every system, and a dot in front of a part hides nothing.
    return picomatch(pattern, { dot: true, windows: false });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw invalidOption('filter.path', `is no pattern: ${reason}`);
  }
}
