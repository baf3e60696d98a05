import { StudioError } from '../studio-error.js';

export function tooLarge(limit: number): StudioError {
  const size = limit >= 1_048_576 ? `${limit / 1_048_576} MiB` : `${limit / 1024} KiB`;
  return new StudioError('STUDIO_TOO_LARGE', `What was sent is larger than ${size}.`);
}
