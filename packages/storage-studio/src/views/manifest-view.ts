import type { Entry } from '@gati-framework/manifest-store';
import type { ManifestView } from '../api/index.js';
import { defined, fieldOf, numberOf } from './fields.js';
import { textOf, textsOf } from './text.js';

/** What of others a manifest names is there. */
export interface StoredNames {
  readonly types: ReadonlySet<string>;
  readonly hooks: ReadonlySet<string>;
}

const PHASES = ['before', 'after', 'catch'] as const;

export function manifestView({ value, revision }: Entry<'manifest'>, stored: StoredNames): ManifestView {
  const { policies, dependencies, hooks, gtypes } = value;
  return {
    methods: textsOf(value.method),
    path: textOf(value.path),
    types: typesOf(gtypes).map(([name, ref]) => ({ name, ref: textOf(ref), stored: stored.types.has(ref) })),
    hooks: PHASES.flatMap((phase) =>
      textsOf(fieldOf(hooks, phase)).map((id) => ({
        phase,
        id,
        stored: typeof id === 'string' && stored.hooks.has(id),
      })),
    ),
    roles: textsOf(fieldOf(policies, 'roles')),
    ...defined({ rateLimit: rateLimitOf(policies) }),
    modules: textsOf(fieldOf(dependencies, 'modules')),
    plugins: textsOf(fieldOf(dependencies, 'plugins')),
    timescapeVersion: textOf(value.timescapeVersion),
    hash: textOf(value.hash),
    createdAt: value.createdAt,
    revision,
  };
}

/** The refs of the types that a manifest names, by what they are for. */
export function typesOf(gtypes: unknown): (readonly [name: string, ref: string])[] {
  return Object.entries(Object(gtypes)).flatMap(([name, ref]) =>
    typeof ref === 'string' ? [[name, ref] as const] : [],
  );
}

function rateLimitOf(policies: unknown): ManifestView['rateLimit'] {
  const given = fieldOf(policies, 'rateLimit');
  const [limit, window] = [numberOf(fieldOf(given, 'limit')), numberOf(fieldOf(given, 'window'))];
  return limit === undefined || window === undefined ? undefined : { limit, window };
}
