export {
  type BackupOptions,
  type BackupProgress,
  type BackupReport,
  backUpStorage,
} from './back-up-storage.js';
