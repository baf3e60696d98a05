export { ArchiveError, type ArchiveErrorDetails } from './archive-error.js';
export { archiveState } from './archive-state.js';
export { type ExportOptions, exportArchive } from './export-archive.js';
export { isArchive } from './is-archive.js';
export { readArchive } from './read-archive.js';
export { readArchiveFile } from './read-archive-file.js';
export { type ArchiveSummary, writeArchive } from './write-archive.js';
