import type { Change, Expectation } from '@gati-framework/manifest-store';
import { DocumentProblem } from '../document/document-problem.js';
import type { ImportableDocument } from '../document/importable-document.js';
import { canonicalJson, sha256 } from '../gtypes/canonical-gtype.js';
import type { TypeUniverse } from '../gtypes/type-universe.js';
import { type ApiRecord, apiRef, isSameDocument, type SeenDocument, toApiType } from './api-record.js';
import type { ApiChoice } from './choose-api.js';
import type { StoredApi } from './stored-apis.js';
import { isOlder as isOlderVersion } from './version-order.js';

/** What of an API a plan rests on and changes. */
export interface ApiPlan {
  /** Whether the document was imported before, and a newer one since: then nothing changes. */
  readonly isSuperseded: boolean;
  /** Whether the document is new, and its place is before others that were imported. */
  readonly isOlder: boolean;
  /** Versions of the documents that were imported so far. */
  readonly versions: readonly string[];
  /** Handlers of the latest document that this one does not have. */
  readonly removed: readonly string[];
  readonly changes: readonly Change[];
  readonly expect: readonly Expectation[];
}

export interface ApiPlanOptions {
  readonly api: ApiChoice;
  readonly source: string;
  readonly versionName: string | undefined;
  /** Whether a version that the user named may be older than others, too. */
  readonly insert: boolean;
  readonly now: number;
}

/** @param hashes Digest of each handler of the document, by id. */
export function planApi(
  document: ImportableDocument,
  apis: readonly StoredApi[],
  hashes: ReadonlyMap<string, string>,
  universe: TypeUniverse,
  options: ApiPlanOptions,
): ApiPlan {
  assertOwnHandlers(document, apis, options.api);
  const known = apis.find(({ record }) => record.api === options.api.name);
  const documents = known?.record.documents ?? [];
  const seen = describeDocument(document, hashes, universe, options);
  const at = placeOf(seen, documents);
  const isSuperseded = at !== -1 && at < documents.length - 1;
  const isNewest = options.versionName !== undefined && !options.insert;
  const history = at === -1 ? inOrder(documents, seen, isNewest) : documents;
  const isOlder = at === -1 && history[history.length - 1] !== seen;
  // What the latest document says of the API as a whole stays.
  const title = isOlder ? known?.record.title : document.title;
  const handlers = isOlder && known !== undefined ? known.record.handlers : [...hashes.keys()];
  const record: ApiRecord = {
    api: options.api.name,
    ...(title === undefined ? {} : { title }),
    prefix: options.api.prefix,
    handlers,
    documents: history,
  };
  const isKnown = at !== -1 && canonicalJson(known?.record.handlers) === canonicalJson(handlers);
  return {
    isSuperseded,
    isOlder,
    versions: documents.flatMap(({ version }) => version ?? []),
    removed: isSuperseded || isOlder ? [] : (known?.record.handlers ?? []).filter((id) => !hashes.has(id)),
    changes: isSuperseded || isKnown || isEmpty(document) ? [] : [{ put: 'gtype', value: toApiType(record) }],
    expect: [known?.entry ?? { kind: 'gtype', key: { ref: apiRef(options.api.name) }, revision: null }],
  };
}

/** A document without a version says by its time whether it is older, and is known only while it is the latest. */
function placeOf(seen: SeenDocument, documents: readonly SeenDocument[]): number {
  if (seen.version !== undefined) return documents.findIndex((other) => isSameDocument(other, seen));
  const last = documents.length - 1;
  const latest = documents[last];
  return latest !== undefined && isSameDocument(latest, seen) ? last : -1;
}

function isEmpty({ handlers, types }: ImportableDocument): boolean {
  return handlers.length === 0 && types.size === 0;
}

/** Digest, in hexadecimal digits, of what a document says of its handlers and types. Descriptions do not count. */
export function documentDigest(
  document: ImportableDocument,
  hashes: ReadonlyMap<string, string>,
  universe: TypeUniverse,
): string {
  const types = [...document.types.keys()].sort().map((ref) => [ref, universe.digest(ref)]);
  return sha256(canonicalJson([[...hashes].sort(([a], [b]) => (a < b ? -1 : 1)), types]));
}

function describeDocument(
  document: ImportableDocument,
  hashes: ReadonlyMap<string, string>,
  universe: TypeUniverse,
  { source, versionName, now }: ApiPlanOptions,
): SeenDocument {
  const version = versionName ?? document.version?.name;
  return {
    ...(version === undefined ? {} : { version }),
    digest: `sha256:${documentDigest(document, hashes, universe)}`,
    ...(document.writtenAt === undefined ? {} : { writtenAt: document.writtenAt }),
    source,
    importedAt: now,
  };
}

/** A document that is older than others takes its place before them, unless the user named its version to be the newest. */
function inOrder(documents: readonly SeenDocument[], seen: SeenDocument, isNewest: boolean): SeenDocument[] {
  const { version } = seen;
  const newer = documents.findIndex(
    (other) => version !== undefined && other.version !== undefined && isOlderVersion(version, other.version),
  );
  return isNewest || newer === -1 ? [...documents, seen] : documents.toSpliced(newer, 0, seen);
}

function assertOwnHandlers(document: ImportableDocument, apis: readonly StoredApi[], api: ApiChoice): void {
  const owners = new Map<string, string>();
  for (const { record } of apis) {
    if (record.api !== api.name) for (const id of record.handlers) owners.set(id, record.api);
  }
  for (const { handlerId, place } of document.handlers) {
    const owner = owners.get(handlerId);
    if (owner === undefined) continue;
    throw new DocumentProblem(
      place,
      `"${handlerId}" is a handler of the API ${JSON.stringify(owner)}, and this document is of ${JSON.stringify(api.name)}`,
      `If it is a later document of that API, say so with --api ${JSON.stringify(owner)}; ` +
        'if not, give this API a short name of its own with --api: the ids of its handlers begin with it.',
    );
  }
}
