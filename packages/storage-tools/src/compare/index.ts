export { type ComparedHandler, type CompareLatestOptions, compareLatest } from './compare-latest.js';
export { type ComparedVersions, compareVersions, type VersionIn } from './compare-versions.js';
