import { type CompareOptions, HandlerComparer } from '@gati-framework/api-import';
import type { HandlerManifest } from '@gati-framework/manifest-store';
import { TimeSlice } from '@gati-framework/manifest-store/backend';
import type { State } from '../diff/state.js';
import { type ComparedVersions, compareManifests } from './compare-versions.js';
import { typesReached } from './types-reached.js';

/** A handler whose latest version is not the same for callers in two states. */
export interface ComparedHandler extends ComparedVersions {
  readonly handlerId: string;
  /** The latest version there. */
  readonly before: string;
  /** The latest version there; absent: the handler is gone. */
  readonly after?: string;
}

export interface CompareLatestOptions extends CompareOptions {
  /** Only these handlers. */
  readonly handlerIds?: ReadonlySet<string> | undefined;
}

/**
 * What callers of the latest versions in one state notice when they meet those of another: handlers that are new are
 * left out, and those that are gone break their callers. By id.
 *
 * Memory: the latest manifests of these handlers, and the types that they reach.
 */
export async function compareLatest(
  before: State,
  after: State,
  { handlerIds, ...options }: CompareLatestOptions = {},
): Promise<ComparedHandler[]> {
  const older = await latestOf(before, handlerIds);
  const newer = await latestOf(after, handlerIds);
  const types = [
    await typesReached(before, refsOf(older)),
    await typesReached(after, refsOf(newer)),
  ] as const;
  const comparer = new HandlerComparer(...types, options);
  const compare = (handlerId: string, manifest: HandlerManifest): ComparedHandler => {
    const now = newer.get(handlerId);
    if (now === undefined) return { handlerId, before: manifest.version, ...GONE };
    const versions = { before: manifest.version, after: now.version };
    return { handlerId, ...versions, ...compareManifests(comparer, types, manifest, now) };
  };
  const compared: ComparedHandler[] = [];
  // Types that reach far take long to compare, and whoever else is served meanwhile should not wait for all of them.
  const slice = new TimeSlice();
  for (const [handlerId, manifest] of older) {
    if (slice.isOver) await slice.next();
    compared.push(compare(handlerId, manifest));
  }
  return compared
    .filter(({ differences }) => differences.length > 0)
    .sort((a, b) => (a.handlerId < b.handlerId ? -1 : 1));
}

const GONE: ComparedVersions = {
  verdict: 'breaking',
  differences: [{ where: 'handler', what: 'is gone', breaking: true, verdict: 'breaking' }],
};

async function latestOf(
  state: State,
  handlerIds: ReadonlySet<string> | undefined,
): Promise<Map<string, HandlerManifest>> {
  const found = new Map<string, HandlerManifest>();
  for await (const { kind, value } of state.entries({ kinds: ['manifest'] })) {
    if (kind !== 'manifest' || handlerIds?.has(value.handlerId) === false) continue;
    const known = found.get(value.handlerId);
    if (known === undefined || known.createdAt <= value.createdAt) found.set(value.handlerId, value);
  }
  return found;
}

function refsOf(manifests: ReadonlyMap<string, HandlerManifest>): string[] {
  return [...manifests.values()].flatMap(({ gtypes }) => Object.values(gtypes));
}
