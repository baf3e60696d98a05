import type { StorageCapabilities } from '@gati-framework/manifest-store';

/** Of a store that any number of processes share, and that does all that a store can. */
export const EVERY_CAPABILITY: Readonly<StorageCapabilities> = Object.freeze({
  commit: true,
  entries: true,
  watch: true,
  history: true,
  lifecycle: true,
  persistent: true,
  multiProcess: true,
});
