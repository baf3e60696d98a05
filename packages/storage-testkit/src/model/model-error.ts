import type { StorageErrorCode } from '@gati-framework/manifest-store';

/** What the model throws where a storage must reject with this code. */
export class ModelError extends Error {
  readonly code: StorageErrorCode;

  constructor(code: StorageErrorCode) {
    super(code);
    this.code = code;
  }
}
