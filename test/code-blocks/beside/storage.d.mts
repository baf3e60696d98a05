import type { Storage } from '@gati-framework/manifest-store';

export const storage: Storage;
