export type { StoreProblem } from './problem.js';
export { type HistoryProblem, type HistorySummary, verifyHistory } from './verify-history.js';
export { type VerifyOptions, type VerifySummary, verifyStorage } from './verify-storage.js';
