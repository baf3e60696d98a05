export { createVersionRegistry } from './create-version-registry.js';
export { currentVersionAt, type PastStorage } from './current-version-at.js';
export type { EditedStorage } from './edited-records.js';
export type { VersionRegistryOptions } from './registry-options.js';
export { storeTransformer } from './store-transformer.js';
export { createTimelineStore, type TimelineStorage } from './timeline-store.js';
export { type RegistryStorage, StoredVersionRegistry } from './version-registry.js';
