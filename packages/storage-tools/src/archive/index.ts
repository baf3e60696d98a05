export { ArchiveError, type ArchiveErrorDetails } from './archive-error.js';
export { type ExportOptions, exportArchive } from './export-archive.js';
export { readArchive } from './read-archive.js';
export { type ArchiveSummary, writeArchive } from './write-archive.js';
