import { StorageErrorBase } from '@gati-framework/manifest-store/backend';

export interface BundleErrorDetails {
  /** The bundle as it was named. */
  readonly file: string;
}

/** A bundle is damaged, or none; `path` names the place in it. Nothing was stored. */
export class BundleError extends StorageErrorBase<'INVALID_BUNDLE', BundleErrorDetails> {}

/** @param place In the bundle, e.g. `manifests[2].gtypes.request`; empty for the bundle as a whole. */
export function badBundle(
  file: string,
  place: string,
  problem: string,
  remedy: string,
  cause?: unknown,
): BundleError {
  const where = place === '' ? file : `${file}, at ${place}`;
  return new BundleError('INVALID_BUNDLE', `${where}: ${problem}. ${remedy} Nothing was stored.`, {
    path: place === '' ? file : place,
    details: { file },
    cause,
  });
}

/** An error of what reads one of the formats, as one of the bundle; any other error as it is. */
export function asBundleError(file: string, error: unknown): unknown {
  const { code, message, path } = Object(error);
  if (code !== 'INVALID_DOCUMENT' && code !== 'INVALID_ARCHIVE') return error;
  const named = String(message).startsWith(file) ? String(message) : `${file}: ${message}`;
  return new BundleError('INVALID_BUNDLE', named, { path, details: { file }, cause: error });
}
