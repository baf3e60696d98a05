export { planRollback, type RollbackPlan } from './plan-rollback.js';
export { type RollBackOptions, rollBack } from './roll-back.js';
