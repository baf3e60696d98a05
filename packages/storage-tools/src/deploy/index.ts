export type { Bundle, BundleFormat } from './bundle.js';
export { BundleError, type BundleErrorDetails } from './bundle-error.js';
export { type DeploymentReport, type DeployOptions, deploy } from './deploy.js';
export {
  type DeploymentPlan,
  type DeployPhase,
  type PlanDeploymentOptions,
  planDeployment,
} from './plan-deployment.js';
export { type ReadBundleOptions, readBundle } from './read-bundle.js';
