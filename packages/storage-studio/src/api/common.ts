import type { RecordKind, Revision } from '@gati-framework/manifest-store';

/** A text of the store that was too long to be sent. All of it is in the record, see `record` of {@link Endpoints}. */
export interface CutText {
  /** Its first characters, {@link LIMITS.text} at most. */
  readonly cut: string;
  /** Of all of it, in UTF-16 code units. */
  readonly length: number;
}

/**
 * A text as it is stored, which may hold anything: markup, control characters, half of a surrogate pair. Where a record
 * has no text but should, this is the JSON of what it has.
 */
export type Text = string | CutText;

/** JSON of a value, two spaces to a level; what JSON has not, such as `NaN` and bigint, is a text in it. */
export interface JsonText {
  /** All of it, or its beginning: {@link LIMITS.json} UTF-16 code units. */
  readonly text: string;
  /** Of all of it, in UTF-16 code units. */
  readonly length: number;
}

/** The fields of a record's key, in order. */
export type Key = readonly [first: string] | readonly [first: string, second: string];

/** Which record. */
export interface RecordName {
  readonly kind: RecordKind;
  readonly key: Key;
}

/** What every question about the store may ask. */
export interface AsOf {
  /** As the store was right after this commit. Default: as it is now. */
  readonly at?: Revision;
}

/** What every answer about the store has. */
export interface Answer {
  /** The answer is of this revision, whole: what was committed later is in none of it. */
  readonly revision: Revision;
  /** The line of a shell that shows the same, or does it; quoted, and without any password. */
  readonly command: string;
}

/** A part of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  /** How many there are in all of the list. */
  readonly total: number;
  /** To be given as `cursor` for the part that follows; absent at the end. */
  readonly next?: string;
}

/** Which part of a list. */
export interface PageQuery {
  /** `next` of the part before. Default: from the beginning. */
  readonly cursor?: string;
  /** How many at most. Default and most: {@link LIMITS.page}. */
  readonly limit?: number;
}

/** A commit, as far as it is still known. */
export interface CommitRef {
  readonly revision: Revision;
  /** Milliseconds since the epoch, by the clock of who committed; absent once the commit is no longer kept. */
  readonly committedAt?: number;
  /** Who and why; absent also once the commit is no longer kept. */
  readonly note?: Text;
}

/** What an answer holds when its status is not 200. */
export interface Failure {
  readonly error: {
    /**
     * A code of `StorageErrorCode`, `INVALID_DOCUMENT`, `INVALID_BUNDLE` or `INVALID_ARCHIVE` of what was sent, or one of
     * {@link StudioErrorCode}.
     */
    readonly code: string;
    /** What to do about it, for people. */
    readonly message: string;
    /** The place in what was asked or sent. */
    readonly path?: string;
    /** Of `STORAGE_CONFLICT` and `STORAGE_COMPACTED`: where the store is now, or where its history begins. */
    readonly details?: {
      readonly actual?: Revision | null;
      readonly current?: Revision;
      readonly oldest?: Revision;
    };
  };
}

/** Why the server itself refused a request. */
export type StudioErrorCode =
  /** The token is missing or wrong: open the address that `gati-storage studio` printed. */
  | 'STUDIO_TOKEN'
  /** The request names a host, or comes from a site, that is not this server. */
  | 'STUDIO_FORBIDDEN'
  /** There is no such address. */
  | 'STUDIO_NOT_FOUND'
  /** The address has another method. */
  | 'STUDIO_METHOD'
  /** What was sent is larger than is taken. */
  | 'STUDIO_TOO_LARGE'
  /** The studio was started without `--write`. */
  | 'STUDIO_READONLY'
  /** There is no other store: the studio was started without `--compare`. */
  | 'STUDIO_NO_OTHER'
  /** Something else; the process that serves has told it. */
  | 'STUDIO_FAILED';
