import type { HandlerManifest } from '@gati-framework/manifest-store';
import { DocumentProblem } from '../document/document-problem.js';
import type { HandlerDraft, ImportableDocument } from '../document/importable-document.js';
import { isOlder, parseVersion } from './version-order.js';

/** The name of a handler's next version, or that the store has this very version already. */
export type VersionChoice = { readonly name: string } | { readonly stored: string };

export interface VersionRules {
  readonly document: ImportableDocument;
  /** The name that the user gave, which needs not follow the order of the others. */
  readonly versionName: string | undefined;
  /** Versions of the documents of this API that were imported so far. */
  readonly documentVersions: readonly string[];
}

/**
 * Chooses the version of a handler that differs from its latest stored version.
 *
 * @param versions Its stored versions, oldest first.
 */
export function chooseVersion(
  { document, versionName, documentVersions }: VersionRules,
  handler: HandlerDraft,
  isSame: (version: HandlerManifest) => boolean,
  versions: readonly HandlerManifest[],
  isBreaking: () => boolean,
): VersionChoice {
  const latest = versions[versions.length - 1];
  const name = versionName ?? handler.declared?.version ?? document.version?.name;
  if (name === undefined) return nextVersion(document, handler, isSame, versions, isBreaking);
  const taken = versions.find(({ version }) => version === name);
  if (taken !== undefined && isSame(taken)) return { stored: name };
  if (taken !== undefined) {
    throw new DocumentProblem(
      document.version?.place ?? handler.place,
      `version ${name} of "${handler.handlerId}" is stored already, with other content`,
      'A stored version never changes: raise the version of the document, or name another one with --version-name.',
    );
  }
  if (versionName !== undefined || latest === undefined) return { name };
  if (handler.declared !== undefined) return storedIfOlder(document, handler, isSame, versions) ?? { name };
  const newer = [latest.version, ...documentVersions].find((version) => isOlder(name, version));
  if (newer !== undefined) {
    throw new DocumentProblem(
      document.version?.place ?? handler.place,
      newer === latest.version
        ? `version ${name} is older than ${newer}, the latest stored version of "${handler.handlerId}"`
        : `version ${name} is older than ${newer}, which was imported already, and differs in "${handler.handlerId}"`,
      'Import documents from the oldest to the newest, insert it at its place with --insert, or name the version ' +
        'with --version-name.',
    );
  }
  return { name };
}

/** A document without a version of its own counts the versions of each handler: 1.0.0, 1.1.0, 2.0.0 if breaking. */
function nextVersion(
  document: ImportableDocument,
  handler: HandlerDraft,
  isSame: (version: HandlerManifest) => boolean,
  versions: readonly HandlerManifest[],
  isBreaking: () => boolean,
): VersionChoice {
  const latest = versions[versions.length - 1];
  if (latest === undefined) return { name: '1.0.0' };
  const older = storedIfOlder(document, handler, isSame, versions);
  if (older !== undefined) return older;
  const [major, minor] = parseVersion(latest.version)?.numbers ?? [versions.length, 0];
  const taken = new Set(versions.map(({ version }) => version));
  for (let step = 1; ; step++) {
    const name = isBreaking() ? `${major + step}.0.0` : `${major}.${minor + step}.0`;
    if (!taken.has(name)) return { name };
  }
}

/** What the store has of a document that was made before the latest version was: something, or the document is refused. */
function storedIfOlder(
  { writtenAt, format }: ImportableDocument,
  { handlerId }: HandlerDraft,
  isSame: (version: HandlerManifest) => boolean,
  versions: readonly HandlerManifest[],
): VersionChoice | undefined {
  const latest = versions[versions.length - 1];
  if (writtenAt === undefined || latest === undefined || writtenAt >= latest.createdAt) return undefined;
  const same = versions.find(isSame);
  if (same !== undefined) return { stored: same.version };
  const [place, remedy] = MADE_AGAIN[format];
  throw new DocumentProblem(
    place,
    `the document is older than ${latest.version}, the latest stored version of "${handlerId}"`,
    `${remedy}, or name the version with --version-name.`,
  );
}

/** Where a document says when it was made, and how it is made again. */
const MADE_AGAIN: Readonly<Record<ImportableDocument['format'], readonly [place: string, remedy: string]>> = {
  openapi: ['', 'Give the newest document'],
  'gati-app': ['timestamp', 'Run "gatic generate:manifests" again'],
  'gati-bundle': ['generated', 'Generate the bundle again'],
};
