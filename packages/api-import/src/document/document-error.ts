import { StorageErrorBase } from '@gati-framework/manifest-store/backend';

/** A document to import is not what it should be; `path` names the place. Nothing was stored. */
export class DocumentError extends StorageErrorBase<'INVALID_DOCUMENT', DocumentErrorDetails | undefined> {
  constructor(message: string, options: { path: string; details?: DocumentErrorDetails; cause?: unknown }) {
    super('INVALID_DOCUMENT', message, options);
  }
}

export interface DocumentErrorDetails {
  /** The document as it was named. */
  readonly file: string;
}
