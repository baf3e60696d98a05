import type { Change, Expectation } from '@gati-framework/manifest-store';
import type { ImportableDocument } from '../document/importable-document.js';
import { TypeUniverse } from '../gtypes/type-universe.js';
import { assertStorableHandlers } from './assert-storable-keys.js';
import { handlerHash } from './handler-hash.js';
import { HandlersPlan, type HandlersPlanOptions } from './handlers-plan.js';
import type { ImportReport } from './import-report.js';
import { type ApiPlanOptions, documentDigest, planApi } from './plan-api.js';
import { keepTypes, planTypes } from './plan-types.js';
import type { StoredState } from './stored-state.js';

export interface ImportPlan {
  /** What new versions of handlers are called; `undefined` when each handler counts its own. */
  readonly version: string | undefined;
  readonly changes: readonly Change[];
  /** What the plan rests on: it must not be carried out when any of this has changed. */
  readonly expect: readonly Expectation[];
  readonly report: Omit<ImportReport, 'source' | 'dryRun' | 'revision'>;
}

export interface PlanOptions extends ApiPlanOptions, HandlersPlanOptions {
  /** Whether a digest is added to the version that the document gives itself. */
  readonly versionDigest: boolean;
}

/** Decides what an import stores, without storing anything. */
export function planImport(given: ImportableDocument, stored: StoredState, options: PlanOptions): ImportPlan {
  const universe = new TypeUniverse((ref) => given.types.get(ref));
  const hashes = new Map(
    given.handlers.map((handler) => [handler.handlerId, handlerHash(handler, universe)]),
  );
  const document = options.versionDigest ? withDigest(given, documentDigest(given, hashes, universe)) : given;
  const versionName = options.versionName ?? document.version?.name ?? timeOf(document) ?? document.format;
  assertStorableHandlers(document, versionName);
  const api = planApi(document, stored.apis, hashes, universe, options);
  const types = api.isSuperseded ? keepTypes(document) : planTypes(document, universe, stored, versionName);
  const plan = new HandlersPlan(document, stored, options, universe, types, api);
  for (const handler of document.handlers) plan.add(handler, hashes.get(handler.handlerId) as string);
  const renamed = plan.findRenamed();
  const known = new Set(renamed.map(({ was }) => was));
  return {
    version: options.versionName ?? document.version?.name,
    changes: [...types.changes, ...plan.changes, ...api.changes],
    expect: [...types.expect, ...plan.expect, ...api.expect],
    report: {
      operations: document.handlers.length,
      schemas: document.schemas,
      added: plan.added,
      changed: plan.changed,
      inserted: plan.inserted,
      unchanged: plan.unchanged,
      outdated: plan.outdated,
      removed: api.removed.filter((handlerId) => !known.has(handlerId)),
      renamed,
      otherHandlers: stored.otherHandlers,
      types: types.report,
      inexpressible: document.inexpressible,
    },
  };
}

/** Names what changed since the documents before, where these have no versions. */
function timeOf({ writtenAt }: ImportableDocument): string | undefined {
  return writtenAt === undefined ? undefined : new Date(writtenAt).toISOString();
}

/** Digits of the digest in the name of a version: enough to tell all documents of an API apart. */
const DIGEST_LENGTH = 12;

/** Behind a `+` the digest has no part in the order of versions. */
function withDigest(document: ImportableDocument, digest: string): ImportableDocument {
  const { version } = document;
  if (version === undefined) return document;
  return { ...document, version: { ...version, name: `${version.name}+${digest.slice(0, DIGEST_LENGTH)}` } };
}
