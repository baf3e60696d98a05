import type { BrokenBackend } from './broken-backend.js';
import { brokenCommits } from './commits.js';
import { brokenFeeds } from './feeds.js';
import { brokenFidelity } from './fidelity.js';
import { brokenIdentities } from './identity.js';
import { brokenIsolation } from './isolation.js';
import { brokenLifecycles } from './lifecycles.js';
import { brokenOrders } from './order.js';
import { brokenReading } from './reading.js';
import { brokenRefusals } from './refusals.js';

export { type BrokenBackend, targetOver } from './broken-backend.js';

/** Storages with one bug each, all of which the suite must catch. */
export const brokenBackends: readonly BrokenBackend[] = [
  ...brokenIdentities,
  ...brokenOrders,
  ...brokenIsolation,
  ...brokenFidelity,
  ...brokenRefusals,
  ...brokenReading,
  ...brokenCommits,
  ...brokenFeeds,
  ...brokenLifecycles,
];
