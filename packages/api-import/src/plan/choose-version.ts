import type { HandlerManifest } from '@gati-framework/manifest-store';
import { DocumentProblem } from '../document/document-problem.js';
import type { HandlerDraft, ImportableDocument } from '../document/importable-document.js';

/** The name of a handler's next version, or that the store has this very version already. */
export type VersionChoice = { readonly name: string } | { readonly stored: string };

export interface VersionRules {
  readonly document: ImportableDocument;
  /** The name that the user gave, which needs not follow the order of the others. */
  readonly versionName: string | undefined;
}

/**
 * Chooses the version of a handler that differs from its latest stored version.
 *
 * @param versions Its stored versions, oldest first.
 */
export function chooseVersion(
  { document, versionName }: VersionRules,
  handler: HandlerDraft,
  hash: string,
  versions: readonly HandlerManifest[],
  isBreaking: () => boolean,
): VersionChoice {
  const latest = versions[versions.length - 1];
  const name = versionName ?? document.version?.name;
  if (name === undefined) return nextVersion(document, handler, hash, versions, isBreaking);
  const taken = versions.find(({ version }) => version === name);
  if (taken?.hash === hash) return { stored: name };
  if (taken !== undefined) {
    throw new DocumentProblem(
      document.version?.place ?? handler.place,
      `version ${name} of "${handler.handlerId}" is stored already, with other content`,
      'A stored version never changes: raise the version of the document, or name another one with --version-name.',
    );
  }
  if (versionName === undefined && latest !== undefined && isOlder(name, latest.version)) {
    throw new DocumentProblem(
      document.version?.place ?? handler.place,
      `version ${name} is older than ${latest.version}, the latest stored version of "${handler.handlerId}"`,
      'Import documents from the oldest to the newest, or name the version with --version-name.',
    );
  }
  return { name };
}

/** A document without a version of its own counts the versions of each handler: 1.0.0, 1.1.0, 2.0.0 if breaking. */
function nextVersion(
  document: ImportableDocument,
  handler: HandlerDraft,
  hash: string,
  versions: readonly HandlerManifest[],
  isBreaking: () => boolean,
): VersionChoice {
  const latest = versions[versions.length - 1];
  if (latest === undefined) return { name: '1.0.0' };
  if (document.writtenAt !== undefined && document.writtenAt < latest.createdAt) {
    const same = versions.find((version) => version.hash === hash);
    if (same !== undefined) return { stored: same.version };
    throw new DocumentProblem(
      'timestamp',
      `the document is older than ${latest.version}, the latest stored version of "${handler.handlerId}"`,
      'Run "gatic generate:manifests" again, or name the version with --version-name.',
    );
  }
  const [major, minor] = parseVersion(latest.version)?.numbers ?? [versions.length, 0];
  const taken = new Set(versions.map(({ version }) => version));
  for (let step = 1; ; step++) {
    const name = isBreaking() ? `${major + step}.0.0` : `${major}.${minor + step}.0`;
    if (!taken.has(name)) return { name };
  }
}

/** Whether one version precedes another, for versions that are ordered; others never do. */
function isOlder(name: string, than: string): boolean {
  const a = parseVersion(name);
  const b = parseVersion(than);
  if (a === undefined || b === undefined) return false;
  for (const [i, number] of a.numbers.entries()) {
    if (number !== b.numbers[i]) return number < (b.numbers[i] as number);
  }
  if (a.prerelease === b.prerelease) return false;
  if (a.prerelease === '') return false;
  return b.prerelease === '' || a.prerelease.localeCompare(b.prerelease, 'en', { numeric: true }) < 0;
}

function parseVersion(
  text: string,
): { numbers: [major: number, minor: number, patch: number]; prerelease: string } | undefined {
  const match = /^v?(\d{1,9})\.(\d{1,9})(?:\.(\d{1,9}))?(?:-([0-9A-Za-z.-]+))?(?:\+.*)?$/.exec(text);
  if (match === null) return undefined;
  const [, major, minor, patch = '0', prerelease = ''] = match;
  return { numbers: [Number(major), Number(minor), Number(patch)], prerelease };
}
