import type { GType } from '@gati-framework/manifest-store';
import { sha256 } from '../gtypes/canonical-gtype.js';
import { anyType, custom, customValue } from '../gtypes/gtype-shapes.js';
import { escapeRefName } from '../gtypes/refs.js';

/** A document that was imported. */
export interface SeenDocument {
  /** The version that the document gave itself, or that the user named. */
  readonly version?: string;
  /** What it said of its handlers: documents that differ in descriptions only share it. */
  readonly digest: string;
  /** Milliseconds since the epoch; when the document was made, if it said so. */
  readonly writtenAt?: number;
  /** The file, or the name that the text was given. */
  readonly source: string;
  /** Milliseconds since the epoch. */
  readonly importedAt: number;
}

/** What a store remembers of an API beside its handlers: which documents were imported, whatever they changed. */
export interface ApiRecord {
  readonly api: string;
  /** The title of its last document. */
  readonly title?: string;
  /** What the ids of its handlers begin with. */
  readonly prefix: string;
  /** The handlers of its last document. */
  readonly handlers: readonly string[];
  /** In the order in which they were imported first. */
  readonly documents: readonly SeenDocument[];
}

const REF_PREFIX = '#documents/';
/** Names that a key of a store can hold with room to spare; others are known by their digest. */
const PLAIN_NAME = /^[\x20-\ud7ff\ue000-\ufffd]{1,120}$/;
const KEYWORD = 'documents';

/** Under which ref an API is remembered: a record of a kind that every store has, and copies take along. */
export function apiRef(api: string): string {
  return `${REF_PREFIX}${PLAIN_NAME.test(api) ? escapeRefName(api) : `sha256:${sha256(api)}`}`;
}

/** Whether a ref is that of a remembered API, and of no type: see `fromApiType`. */
export function isApiRef(ref: string): boolean {
  return ref.startsWith(REF_PREFIX);
}

export function toApiType(record: ApiRecord): GType {
  const type = anyType(apiRef(record.api));
  return { ...type, validators: [custom({ keyword: KEYWORD, value: record })] };
}

/** The record in a stored type; `undefined` for any other type. */
export function fromApiType(type: GType): ApiRecord | undefined {
  const value = customValue(type, KEYWORD) as Partial<ApiRecord> | null | undefined;
  const complete =
    typeof value?.api === 'string' &&
    typeof value.prefix === 'string' &&
    Array.isArray(value.handlers) &&
    Array.isArray(value.documents);
  return isApiRef(type.ref) && complete ? (value as ApiRecord) : undefined;
}

/** Whether two documents are called the same and say the same. */
export function isSameDocument(a: SeenDocument, b: SeenDocument): boolean {
  return a.version === b.version && a.digest === b.digest;
}
