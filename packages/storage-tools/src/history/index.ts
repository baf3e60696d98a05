export { handlerLog } from './handler-log.js';
export { type PastStorage, storageAt } from './storage-at.js';
