export type { DeletionTarget } from './deletion-target.js';
export { type DeletionOptions, type DeletionPlan, planDeletion } from './plan-deletion.js';
export type { Referrer } from './referrers.js';
