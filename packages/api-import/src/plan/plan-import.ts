import type {
  Change,
  Entry,
  Expectation,
  HandlerManifest,
  VersionNode,
} from '@gati-framework/manifest-store';
import { HandlerComparer } from '../compare/compare-handlers.js';
import { type Difference, worst } from '../compare/difference.js';
import type { HandlerDraft, ImportableDocument } from '../document/importable-document.js';
import { TypeUniverse } from '../gtypes/type-universe.js';
import { assertStorableHandlers } from './assert-storable-keys.js';
import type { ApiChoice } from './choose-api.js';
import { chooseVersion } from './choose-version.js';
import { extendGraph } from './extend-graph.js';
import { findRenamed } from './find-renamed.js';
import { asStoredBefore, handlerHash } from './handler-hash.js';
import type { ChangedHandler, HandlerSummary, ImportReport, RenamedHandler } from './import-report.js';
import { type ApiPlan, documentDigest, planApi } from './plan-api.js';
import { keepTypes, planTypes, type TypesPlan } from './plan-types.js';
import type { StoredState } from './stored-state.js';

export interface ImportPlan {
  /** What new versions of handlers are called; `undefined` when each handler counts its own. */
  readonly version: string | undefined;
  readonly changes: readonly Change[];
  /** What the plan rests on: it must not be carried out when any of this has changed. */
  readonly expect: readonly Expectation[];
  readonly report: Omit<ImportReport, 'source' | 'dryRun' | 'revision'>;
}

export interface PlanOptions {
  readonly versionName: string | undefined;
  /** Whether a digest is added to the version that the document gives itself. */
  readonly versionDigest: boolean;
  readonly strictErrors: boolean;
  readonly api: ApiChoice;
  /** The file, or the name that the text was given. */
  readonly source: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Decides what an import stores, without storing anything. */
export function planImport(given: ImportableDocument, stored: StoredState, options: PlanOptions): ImportPlan {
  const universe = new TypeUniverse((ref) => given.types.get(ref));
  const hashes = new Map(
    given.handlers.map((handler) => [handler.handlerId, handlerHash(handler, universe)]),
  );
  const document = options.versionDigest ? withDigest(given, documentDigest(given, hashes, universe)) : given;
  const versionName = options.versionName ?? document.version?.name ?? document.format;
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

/** Digits of the digest in the name of a version: enough to tell all documents of an API apart. */
const DIGEST_LENGTH = 12;

/** Behind a `+` the digest has no part in the order of versions. */
function withDigest(document: ImportableDocument, digest: string): ImportableDocument {
  const { version } = document;
  if (version === undefined) return document;
  return { ...document, version: { ...version, name: `${version.name}+${digest.slice(0, DIGEST_LENGTH)}` } };
}

class HandlersPlan {
  readonly changes: Change[] = [];
  readonly expect: Expectation[] = [];
  readonly added: HandlerSummary[] = [];
  readonly changed: ChangedHandler[] = [];
  readonly unchanged: string[] = [];
  readonly outdated: { handlerId: string; version: string; latest: string }[] = [];
  readonly #document: ImportableDocument;
  readonly #stored: StoredState;
  readonly #options: PlanOptions;
  readonly #types: TypesPlan;
  readonly #api: ApiPlan;
  readonly #comparer: HandlerComparer;
  readonly #before: TypeUniverse;

  constructor(
    document: ImportableDocument,
    stored: StoredState,
    options: PlanOptions,
    universe: TypeUniverse,
    types: TypesPlan,
    api: ApiPlan,
  ) {
    this.#document = document;
    this.#stored = stored;
    this.#options = options;
    this.#types = types;
    this.#api = api;
    this.#before = asStoredBefore(document.types);
    this.#comparer = new HandlerComparer(stored.universe, universe, { strictErrors: options.strictErrors });
  }

  add(handler: HandlerDraft, hash: string): void {
    const { handlerId } = handler;
    const graph = this.#stored.graphs.get(handlerId);
    const entries = this.#stored.manifests.get(handlerId) ?? [];
    const versions = entries.map(({ value }) => value);
    const latest = versions[versions.length - 1];
    this.expect.push(...entries, graph ?? { kind: 'versionGraph', key: { handlerId }, revision: null });
    const older = once(() => handlerHash(handler, this.#before));
    const isSame = (version: HandlerManifest): boolean => version.hash === hash || version.hash === older();
    if (latest !== undefined && isSame(latest)) {
      this.unchanged.push(handlerId);
      return;
    }
    if (this.#api.isSuperseded) {
      const version = versions.findLast(isSame)?.version ?? this.#document.version?.name ?? '';
      this.outdated.push({ handlerId, version, latest: latest?.version ?? version });
      return;
    }
    const differences = once(() => (latest === undefined ? [] : this.#comparer.compare(latest, handler)));
    const breaking = (): boolean => differences().some((difference) => difference.breaking);
    const rules = {
      document: this.#document,
      versionName: this.#options.versionName,
      documentVersions: this.#api.versions,
    };
    const choice = chooseVersion(rules, handler, isSame, versions, breaking);
    if ('stored' in choice) {
      this.outdated.push({ handlerId, version: choice.stored, latest: latest?.version ?? choice.stored });
      return;
    }
    this.#addVersion(handler, hash, choice.name, versions, graph, differences(), breaking());
  }

  /** To be asked when all handlers are added. */
  findRenamed(): RenamedHandler[] {
    const added = new Set(this.added.map(({ handlerId }) => handlerId));
    return findRenamed(this.#document.handlers, added, this.#api.removed, this.#stored, this.#comparer);
  }

  #addVersion(
    handler: HandlerDraft,
    hash: string,
    version: string,
    versions: readonly HandlerManifest[],
    graph: Entry<'versionGraph'> | undefined,
    differences: readonly Difference[],
    breaking: boolean,
  ): void {
    const { handlerId, method, path } = handler;
    const latest = versions[versions.length - 1];
    const createdAt = this.#createdAt(latest);
    const node: VersionNode = {
      version,
      manifestHash: hash,
      deployedAt: createdAt,
      active: true,
      breaking,
      ...(latest === undefined ? {} : { parent: latest.version }),
    };
    this.expect.push({ kind: 'manifest', key: { handlerId, version }, revision: null });
    this.changes.push(
      { put: 'manifest', value: this.#manifest(handler, hash, version, createdAt) },
      { put: 'versionGraph', value: extendGraph(handlerId, graph?.value, versions, node) },
    );
    const summary: HandlerSummary = { handlerId, version, method, path };
    if (latest === undefined) this.added.push(summary);
    else {
      const verdict = worst(differences.map((difference) => difference.verdict));
      this.changed.push({ ...summary, parent: latest.version, breaking, verdict, differences });
    }
  }

  #manifest(handler: HandlerDraft, hash: string, version: string, createdAt: number): HandlerManifest {
    const { request, response, params, headers } = handler.gtypes;
    const { refOf } = this.#types;
    return {
      handlerId: handler.handlerId,
      version,
      path: handler.path,
      method: handler.method,
      gtypes: {
        request: refOf(request),
        response: refOf(response),
        ...(params === undefined ? {} : { params: refOf(params) }),
        ...(headers === undefined ? {} : { headers: refOf(headers) }),
      },
      hooks: { before: [], after: [] },
      timescapeVersion: hash,
      policies: {},
      dependencies: { modules: [] },
      hash,
      createdAt,
    };
  }

  /** Later than the version it follows, also when the clock is not: the order of versions is the order of imports. */
  #createdAt(latest: HandlerManifest | undefined): number {
    const { now } = this.#options;
    const wanted = Math.min(this.#document.writtenAt ?? now, now);
    return latest === undefined ? wanted : Math.max(wanted, latest.createdAt + 1);
  }
}

function once<T>(compute: () => T): () => T {
  let result: { value: T } | undefined;
  return () => {
    result ??= { value: compute() };
    return result.value;
  };
}
