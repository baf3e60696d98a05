export { matchVersions, type VersionFilter } from './version-filter.js';
