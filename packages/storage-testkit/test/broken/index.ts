import { brokenBatches } from './batches.js';
import type { BrokenBackend } from './broken-backend.js';
import { brokenCommitsAtOnce } from './commits-at-once.js';
import { brokenEntries } from './entries.js';
import { brokenErrors } from './errors.js';
import { brokenExpectations } from './expectations.js';
import { brokenFaults } from './faults.js';
import { brokenFidelity } from './fidelity.js';
import { brokenFreshness } from './freshness.js';
import { brokenHistories } from './histories.js';
import { brokenIdentities } from './identity.js';
import { brokenIsolation } from './isolation.js';
import { brokenLifecycles } from './lifecycles.js';
import { brokenLogs } from './logs.js';
import { brokenOrders } from './order.js';
import { brokenPasts } from './pasts.js';
import { brokenPersistence } from './persistence.js';
import { brokenReading } from './reading.js';
import { brokenRefusals } from './refusals.js';
import { brokenRetentions } from './retentions.js';
import { brokenRevisions } from './revisions.js';
import { brokenStreams } from './streams.js';
import { brokenWatchCrowds } from './watch-crowds.js';
import { brokenWatches } from './watches.js';

export { type BrokenBackend, targetOver } from './broken-backend.js';

/** Storages with one bug each, all of which the suite must catch. */
export const brokenBackends: readonly BrokenBackend[] = [
  ...brokenIdentities,
  ...brokenOrders,
  ...brokenIsolation,
  ...brokenFidelity,
  ...brokenRefusals,
  ...brokenErrors,
  ...brokenReading,
  ...brokenBatches,
  ...brokenExpectations,
  ...brokenRevisions,
  ...brokenWatches,
  ...brokenEntries,
  ...brokenLifecycles,
  ...brokenPersistence,
  ...brokenFaults,
  ...brokenCommitsAtOnce,
  ...brokenFreshness,
  ...brokenHistories,
  ...brokenWatchCrowds,
  ...brokenPasts,
  ...brokenLogs,
  ...brokenRetentions,
  ...brokenStreams,
];
