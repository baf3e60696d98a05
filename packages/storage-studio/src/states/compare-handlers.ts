import { compareLatest } from '@gati-framework/storage-tools/compare';
import type { State } from '@gati-framework/storage-tools/diff';
import type { ComparedHandlerView } from '../api/index.js';
import { assertOfShape, comparedHandlerView, findingsView, incomparable } from '../views/findings-view.js';

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
  const views = await viewsOf(before, after, handlerIds, strictErrors);
  const others = new Set(handlerIds.filter((id) => !views.has(id)));
  if (others.size > 0) {
    const [older, newer] = [await latestVersions(before, others), await latestVersions(after, others)];
    for (const [handlerId, version] of newer)
      if (!older.has(handlerId)) views.set(handlerId, { handlerId, after: version, ...findingsView([]) });
  }
  return handlerIds.flatMap((handlerId) => views.get(handlerId) ?? []);
}

/** One that cannot be compared must not keep the others from it: they are divided until it stands alone. */
async function viewsOf(
  before: State,
  after: State,
  handlerIds: readonly string[],
  strictErrors: boolean,
): Promise<Map<string, ComparedHandlerView>> {
  try {
    const options = { handlerIds: new Set(handlerIds), strictErrors };
    const compared = await compareLatest(before, after, options);
    return new Map(compared.map((one) => [one.handlerId, comparedHandlerView(one)]));
  } catch (error) {
    assertOfShape(error);
  }
  const [first] = handlerIds;
  if (first !== undefined && handlerIds.length === 1)
    return new Map([[first, { handlerId: first, ...findingsView(incomparable()) }]]);
  const middle = Math.ceil(handlerIds.length / 2);
  const [left, right] = [handlerIds.slice(0, middle), handlerIds.slice(middle)];
  return new Map([
    ...(await viewsOf(before, after, left, strictErrors)),
    ...(await viewsOf(before, after, right, strictErrors)),
  ]);
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
