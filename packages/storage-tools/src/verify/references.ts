import type { Entry, HandlerManifest, RecordKind, VersionGraph } from '@gati-framework/manifest-store';
import { isOfNoHandler, type KeyTuple } from '@gati-framework/manifest-store/backend';

/** A record that another one names. */
export interface Reference {
  /** The record that names it. */
  readonly from: { readonly kind: RecordKind; readonly key: KeyTuple };
  /** Where it names it, e.g. `versions[2].transformers[0].transformerId`. */
  readonly path: string;
  /** What it names: a record, or one of the hooks that hook manifests hold. */
  readonly to: { readonly kind: RecordKind | 'hook'; readonly key: KeyTuple };
  /** What `hash` of the manifest should be. */
  readonly hash?: string;
}

/** Every record that this one names. */
export function referencesOf(entry: Entry): readonly Reference[] {
  switch (entry.kind) {
    case 'manifest':
      return ofManifest(entry.value);
    case 'versionGraph':
      return ofGraph(entry.value);
    case 'transformer': {
      const { id, handlerId, fromVersion, toVersion } = entry.value;
      const from = { kind: 'transformer', key: [id] } as const;
      return [
        { from, path: 'fromVersion', to: manifest(handlerId, fromVersion) },
        { from, path: 'toVersion', to: manifest(handlerId, toVersion) },
      ];
    }
    case 'timescapeMetadata': {
      if (isOfNoHandler(entry.value.handlerId)) return [];
      const key = [entry.value.handlerId, entry.value.version] as const;
      return [{ from: { kind: 'timescapeMetadata', key }, path: 'version', to: { kind: 'manifest', key } }];
    }
    default:
      return [];
  }
}

function ofManifest({ handlerId, version, gtypes, hooks }: HandlerManifest): Reference[] {
  const from = { kind: 'manifest', key: [handlerId, version] } as const;
  const types = Object.entries({ ...gtypes }).flatMap(([name, ref]) =>
    ref ? [{ from, path: `gtypes.${name}`, to: { kind: 'gtype', key: [ref] } as const }] : [],
  );
  const called = Object.entries({ ...hooks }).flatMap(([phase, ids]) =>
    [...(ids ?? [])].map((id, i) => ({
      from,
      path: `hooks.${phase}[${i}]`,
      to: { kind: 'hook', key: [id] } as const,
    })),
  );
  return [...types, ...called];
}

function manifest(handlerId: string, version: string): Reference['to'] {
  return { kind: 'manifest', key: [handlerId, version] };
}

function ofGraph({
  handlerId,
  versions,
  currentVersion,
  latestVersion,
  tags = [],
}: VersionGraph): Reference[] {
  const from = { kind: 'versionGraph', key: [handlerId] } as const;
  const named = (path: string, version: string): Reference => ({
    from,
    path,
    to: manifest(handlerId, version),
  });
  return [
    named('currentVersion', currentVersion),
    named('latestVersion', latestVersion),
    ...tags.map(({ version }, i) => named(`tags[${i}].version`, version)),
    ...versions.flatMap(({ version, manifestHash, parent, transformers = [] }, i) => [
      { ...named(`versions[${i}].version`, version), hash: manifestHash },
      ...(parent === undefined ? [] : [named(`versions[${i}].parent`, parent)]),
      ...transformers.map(({ transformerId }, j) => ({
        from,
        path: `versions[${i}].transformers[${j}].transformerId`,
        to: { kind: 'transformer', key: [transformerId] } as const,
      })),
    ]),
  ];
}
