export type { StoreProblem } from './problem.js';
export { type VerifyOptions, type VerifySummary, verifyStorage } from './verify-storage.js';
