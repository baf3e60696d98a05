export { inspectStore, type StoreInspection } from './inspect-store.js';
export { type Migration, migrateStore } from './migrate-store.js';
export { migrationScript } from './migration-script.js';
export { removeEmptyStore } from './remove-empty-store.js';
