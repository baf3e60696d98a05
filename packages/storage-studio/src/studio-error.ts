import { StorageErrorBase } from '@gati-framework/manifest-store/backend';
import type { StudioErrorCode } from './api/index.js';

/** Why the studio itself refused something; nothing was changed. */
export class StudioError extends StorageErrorBase<StudioErrorCode, undefined> {}

export function notFound(what: string): StudioError {
  return new StudioError('STUDIO_NOT_FOUND', `The store has no ${what}.`);
}
