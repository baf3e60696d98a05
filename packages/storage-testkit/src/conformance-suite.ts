import { absenceCases } from './cases/absence.js';
import { atomicityCases } from './cases/atomicity.js';
import { batchCases } from './cases/batches.js';
import { clearCases } from './cases/clear.js';
import { closingCases } from './cases/closing.js';
import { commitsAtOnceCases } from './cases/commits-at-once.js';
import { compareAndSetCases } from './cases/compare-and-set.js';
import { compareAndSetRaceCases } from './cases/compare-and-set-races.js';
import { damageCases } from './cases/damage.js';
import { entryCases } from './cases/entries.js';
import { entryConsistencyCases } from './cases/entry-consistency.js';
import { errorCases } from './cases/errors.js';
import { expectedRevisionCases } from './cases/expected-revision.js';
import { fidelityCases } from './cases/fidelity.js';
import { freshnessCases } from './cases/freshness.js';
import { getCases } from './cases/get.js';
import { historyCases } from './cases/history.js';
import { identityCases } from './cases/identity.js';
import { isolationCases } from './cases/isolation.js';
import { lifecycleCases } from './cases/lifecycle.js';
import { limitCases } from './cases/limits.js';
import { logCases } from './cases/log.js';
import { modelCases } from './cases/model.js';
import { multiProcessCases } from './cases/multi-process.js';
import { openingCases } from './cases/opening.js';
import { orderCases } from './cases/order.js';
import { pastCases } from './cases/past.js';
import { persistenceCases } from './cases/persistence.js';
import { persistentOrderCases } from './cases/persistent-order.js';
import { refusalCases } from './cases/refusals.js';
import { replacementCases } from './cases/replacement.js';
import { retentionCases } from './cases/retention.js';
import { revisionCases } from './cases/revisions.js';
import { statsCases } from './cases/stats.js';
import { streamCases } from './cases/streams.js';
import { visibilityCases } from './cases/visibility.js';
import { watchCases } from './cases/watch.js';
import { watchCrowdCases } from './cases/watch-crowd.js';
import { watchEndCases } from './cases/watch-end.js';
import type { ConformanceCase } from './conformance-case.js';

/** Every law of the storage contract and of what storages offer beyond it. */
export const conformanceCases: readonly ConformanceCase[] = [
  ...identityCases,
  ...replacementCases,
  ...orderCases,
  ...absenceCases,
  ...isolationCases,
  ...fidelityCases,
  ...refusalCases,
  ...visibilityCases,
  ...statsCases,
  ...clearCases,
  ...errorCases,
  ...batchCases,
  ...commitsAtOnceCases,
  ...atomicityCases,
  ...compareAndSetCases,
  ...compareAndSetRaceCases,
  ...expectedRevisionCases,
  ...streamCases,
  ...revisionCases,
  ...getCases,
  ...entryCases,
  ...entryConsistencyCases,
  ...watchCases,
  ...watchEndCases,
  ...watchCrowdCases,
  ...historyCases,
  ...pastCases,
  ...logCases,
  ...retentionCases,
  ...limitCases,
  ...lifecycleCases,
  ...closingCases,
  ...openingCases,
  ...persistenceCases,
  ...persistentOrderCases,
  ...damageCases,
  ...multiProcessCases,
  ...freshnessCases,
  ...modelCases,
];

/** The cases by group, in the order of the suite. */
export function casesByGroup(): ReadonlyMap<string, readonly ConformanceCase[]> {
  const groups = new Map<string, ConformanceCase[]>();
  for (const testCase of conformanceCases) {
    const group = groups.get(testCase.group);
    if (group === undefined) groups.set(testCase.group, [testCase]);
    else group.push(testCase);
  }
  return groups;
}
