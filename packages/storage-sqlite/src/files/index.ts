export {
  type BackupOptions,
  type BackupPhase,
  type BackupProgress,
  type BackupReport,
  type DecidedBackup,
  decideBackup,
} from './backup-options.js';
export type { BackupPlace } from './backup-place.js';
export { errorCode } from './error-code.js';
export { fileError } from './file-error.js';
export { syncFolder } from './folder.js';
export { statIfThere } from './if-there.js';
export { type FileInspection, inspectFile, type KnownSchema } from './inspect-file.js';
export { fromInstalled } from './installed.js';
export { absolutePath } from './locate-file.js';
export { logPathOf, readLog, removeLog } from './log-file.js';
export { placeToRead, placeToWrite } from './place.js';
export { removeUnused, stateOfFile } from './remove-unused.js';
export { keepRights } from './rights.js';
export { assertNoOwner, claimFile, type FileClaim, shareFile } from './sharing/file-claim.js';
export { isOpenInSqlite } from './sharing/open-connections.js';
export { contentState, fileState, readStoredFile, SQLITE_FILES, sizedIdentity } from './stored-file.js';
export { type BackupWork, writeBackup } from './write-backup.js';
