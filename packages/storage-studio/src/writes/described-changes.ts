import type { RecordDifference, State } from '@gati-framework/storage-tools/diff';
import { LIMITS, type RecordDifferenceView, type Written } from '../api/index.js';
import type { Catalog } from '../catalog/catalog.js';
import { compareHandlers } from '../states/compare-handlers.js';
import { Differing } from '../states/differing.js';
import { recordDifferenceView } from '../views/findings-view.js';

/** What changes are, and what they mean for callers. */
export type DescribedChanges = Pick<Written, 'counts' | 'records' | 'findings' | 'findingCount'>;

interface States {
  readonly before: State;
  readonly after: State;
  /** Of `before`. */
  readonly catalog: Catalog;
  readonly strictErrors?: boolean | undefined;
}

/** Counts everything, and shows the first of it. */
export async function describeChanges(
  differences: AsyncIterable<RecordDifference>,
  { before, after, catalog, strictErrors = false }: States,
  signal: AbortSignal,
): Promise<DescribedChanges> {
  const differing = new Differing();
  const records: RecordDifferenceView[] = [];
  for await (const difference of differences) {
    signal.throwIfAborted();
    differing.add(difference);
    if (records.length < LIMITS.page) records.push(recordDifferenceView(difference));
  }
  const handlerIds = differing.handlerIds(catalog);
  const shown = handlerIds.slice(0, LIMITS.page);
  const findings = await compareHandlers(before, after, shown, { strictErrors });
  return { counts: differing.counts, records, findings, findingCount: handlerIds.length };
}
