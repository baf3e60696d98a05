import { StorageErrorBase } from '@gati-framework/manifest-store/backend';

export interface ArchiveErrorDetails {
  /** Counted from 1. */
  readonly line: number;
}

/** An archive is damaged, or no archive; `path` names the line. Nothing was stored. */
export class ArchiveError extends StorageErrorBase<'INVALID_ARCHIVE', ArchiveErrorDetails | undefined> {}

const EXPORT_AGAIN = 'Take another copy of the archive, or export it again.';

/** @param line Counted from 1; `undefined` for the archive as a whole. */
export function badArchive(
  line: number | undefined,
  problem: string,
  remedy: string = EXPORT_AGAIN,
  cause?: unknown,
): ArchiveError {
  const where = line === undefined ? 'The archive' : `Line ${line} of the archive`;
  return new ArchiveError('INVALID_ARCHIVE', `${where} ${problem}. Nothing was stored. ${remedy}`, {
    path: line === undefined ? 'archive' : `line ${line}`,
    ...(line === undefined ? {} : { details: { line } }),
    cause,
  });
}
