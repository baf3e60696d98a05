import type { StorageCapabilities } from '../contract/storage.js';

export const CAPABILITIES: StorageCapabilities = Object.freeze({
  commit: true,
  entries: true,
  watch: true,
  history: true,
  lifecycle: true,
  persistent: false,
  multiProcess: false,
});
