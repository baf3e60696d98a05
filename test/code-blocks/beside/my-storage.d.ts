import type { StorageContract } from '@gati-framework/manifest-store';

export function createMyStorage(options?: {
  filename?: string;
  historyLimit?: number;
  maxRecordBytes?: number;
  cacheSize?: number;
}): StorageContract;
