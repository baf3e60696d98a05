import { compareLatest } from '@gati-framework/storage-tools/compare';
import type { State } from '@gati-framework/storage-tools/diff';
import type { ComparedHandlerView } from '../api/index.js';
import { comparedHandlerView, findingsView } from '../views/findings-view.js';

export interface CompareHandlersOptions {
  readonly strictErrors: boolean;
}

/** What callers of the latest versions of these handlers notice, by id; handlers that are new are there, too. */
export async function compareHandlers(
  before: State,
  after: State,
  handlerIds: readonly string[],
  { strictErrors }: CompareHandlersOptions,
): Promise<ComparedHandlerView[]> {
  if (handlerIds.length === 0) return [];
  const wanted = new Set(handlerIds);
  const compared = await compareLatest(before, after, { handlerIds: wanted, strictErrors });
  const views = new Map(compared.map((one) => [one.handlerId, comparedHandlerView(one)]));
  const others = new Set(handlerIds.filter((id) => !views.has(id)));
  if (others.size > 0) {
    const [older, newer] = [await latestVersions(before, others), await latestVersions(after, others)];
    for (const [handlerId, version] of newer)
      if (!older.has(handlerId)) views.set(handlerId, { handlerId, after: version, ...findingsView([]) });
  }
  return handlerIds.flatMap((handlerId) => views.get(handlerId) ?? []);
}

async function latestVersions(state: State, wanted: ReadonlySet<string>): Promise<Map<string, string>> {
  const latest = new Map<string, { readonly version: string; readonly createdAt: number }>();
  for await (const { kind, value } of state.entries({ kinds: ['manifest'] })) {
    if (kind !== 'manifest' || !wanted.has(value.handlerId)) continue;
    const { handlerId, version, createdAt } = value;
    const known = latest.get(handlerId);
    if (known === undefined || known.createdAt <= createdAt) latest.set(handlerId, { version, createdAt });
  }
  return new Map(Array.from(latest, ([handlerId, { version }]) => [handlerId, version]));
}
