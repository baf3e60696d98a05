export { type PrunedVersion, type PruneOptions, type PrunePlan, planPrune } from './plan-prune.js';
export { protectionOf } from './protection.js';
