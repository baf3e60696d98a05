import type { StorageContract } from '@gati-framework/manifest-store';

export const storage: StorageContract;
