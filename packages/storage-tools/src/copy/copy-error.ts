import type { Revision, StorageError } from '@gati-framework/manifest-store';
import { StorageErrorBase } from '@gati-framework/manifest-store/backend';
import type { ArchiveSummary } from '../archive/write-archive.js';

/** The target holds records, and nothing was said of what is to become of them. It is as it was. */
export class OccupiedTargetError extends StorageErrorBase<'TARGET_NOT_EMPTY', { readonly held: number }> {
  constructor(held: number) {
    super(
      'TARGET_NOT_EMPTY',
      `The target holds ${held === 1 ? 'a record' : `${held} records`} already, and not just what would be stored. Nothing was ` +
        "changed. Give mode: 'replace' to store this in the place of all of it, or mode: 'merge' to store it beside and over it.",
      { path: 'options.mode', details: { held } },
    );
  }
}

export interface UnlikeCopyDetails {
  /** Of the commit, which is there. */
  readonly revision: Revision;
  /** What was given to the target. */
  readonly stored: ArchiveSummary;
  /** How many records were read back. */
  readonly found: number;
}

/** What was read back from the target is not what was stored in it. */
export class UnlikeCopyError extends StorageErrorBase<'COPY_DIFFERS', UnlikeCopyDetails> {
  constructor(details: UnlikeCopyDetails) {
    const { revision, stored, found } = details;
    super(
      'COPY_DIFFERS',
      `What was stored as revision ${revision} is not what is read back: ${stored.records} records were stored, ${found} were ` +
        'found, and their digests differ. Do not use the target: look for what is wrong with its disk or database, ' +
        'and store it all again.',
      { details },
    );
  }
}

/** What kept the target from being read back, with what only the copy knows: that it is stored. */
export function unreadCopy(cause: StorageError, revision: Revision, { records }: ArchiveSummary): Error {
  const { code, message, path, details } = cause;
  return new StorageErrorBase(
    code,
    `All ${records} records are stored, as revision ${revision}, but could not be read back to compare them: ${message}`,
    { details, cause, ...(path !== undefined && { path }) },
  );
}
