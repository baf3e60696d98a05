export { type FilteredVersion, matchVersions, type VersionFilter, versionTest } from './version-filter.js';
