export { OccupiedTargetError, type UnlikeCopyDetails, UnlikeCopyError } from './copy-error.js';
export type { CopyOptions, CopyPhase } from './copy-options.js';
export { copyStorage } from './copy-storage.js';
export { restoreArchive } from './restore-archive.js';
export { isSameStore } from './same-store.js';
export type { TargetStorage } from './target.js';
export type { CopyReport } from './transfer.js';
