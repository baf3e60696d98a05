export type {
  BackupOptions,
  BackupPhase,
  BackupProgress,
  BackupReport,
} from '@gati-framework/manifest-store/backend';
export { backUpStorage } from './back-up-storage.js';
