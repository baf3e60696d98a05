import type { HandlerManifest, VersionGraph } from '@gati-framework/manifest-store';
import { DocumentProblem } from '../document/document-problem.js';
import type { HandlerDraft } from '../document/importable-document.js';
import { isOlder } from './version-order.js';

/** A version of a handler that is older than others that are stored. */
export interface InsertSite {
  readonly handler: HandlerDraft;
  readonly hash: string;
  readonly name: string;
  /** The stored versions, oldest first; one at least. */
  readonly versions: readonly HandlerManifest[];
  readonly graph: VersionGraph | undefined;
  readonly isSame: (version: HandlerManifest) => boolean;
  /** Versions of the documents of this API that were imported so far. */
  readonly documentVersions: readonly string[];
  /** Of the version in the document. */
  readonly place: string;
}

/** The versions of a handler that an older one is to stand between. */
export interface Neighbours {
  readonly previous: HandlerManifest | undefined;
  readonly next: HandlerManifest;
}

/** Where an older version belongs, or which version next to that place says the same and is called. */
export function chooseNeighbours(site: InsertSite): Neighbours | { readonly stored: string } {
  const { name, versions, graph, isSame, documentVersions, place } = site;
  const taken = versions.find(({ version }) => version === name);
  if (taken !== undefined && isSame(taken)) return { stored: name };
  if (taken !== undefined) {
    throw refused(place, `version ${name} of "${taken.handlerId}" is stored already, with other content`);
  }
  const neighbours = placeInHistory(name, versions, place);
  const { previous, next } = neighbours;
  const same = [previous, next].find((version) => version !== undefined && isSame(version));
  if (same !== undefined) return { stored: same.version };
  assertNothingBetween(name, neighbours, documentVersions, place);
  if (next === undefined)
    throw refused(place, `nothing of "${site.handler.handlerId}" comes after version ${name}`);
  assertFollows(next, previous, graph, place);
  return { previous, next };
}

function assertFollows(
  next: HandlerManifest,
  previous: HandlerManifest | undefined,
  graph: VersionGraph | undefined,
  place: string,
): void {
  const node = graph?.versions.find(({ version }) => version === next.version);
  if (node?.parent === undefined || node.parent === previous?.version) return;
  throw refused(
    place,
    `version ${next.version} of "${next.handlerId}" follows ${node.parent} in the version graph, which is not the version before it`,
  );
}

/** @returns `next` is `undefined` if all versions are older. */
function placeInHistory(
  name: string,
  versions: readonly HandlerManifest[],
  place: string,
): { readonly previous: HandlerManifest | undefined; readonly next: HandlerManifest | undefined } {
  for (const { handlerId, version } of versions) {
    if (isOlder(name, version) || isOlder(version, name)) continue;
    throw refused(
      place,
      `whether version ${name} comes before or after ${version} of "${handlerId}" cannot be told by their names`,
    );
  }
  const at = versions.findIndex(({ version }) => isOlder(name, version));
  const split = at === -1 ? versions.length : at;
  const behind = versions.slice(split).find(({ version }) => isOlder(version, name));
  if (behind !== undefined) {
    throw refused(
      place,
      `the versions of "${behind.handlerId}" are not stored in the order of their names: ${behind.version} comes later than it should`,
    );
  }
  return { previous: versions[split - 1], next: versions[split] };
}

/**
 * Refuses a version that a document between it and the next one contradicts:
 * that document was imported and left the handler as the previous version has it,
 * which no version says of its own.
 */
function assertNothingBetween(
  name: string,
  { previous, next }: ReturnType<typeof placeInHistory>,
  documentVersions: readonly string[],
  place: string,
): void {
  if (previous === undefined) return;
  const between = documentVersions.find(
    (version) => isOlder(name, version) && (next === undefined || isOlder(version, next.version)),
  );
  if (between === undefined) return;
  throw refused(
    place,
    `version ${name} differs in "${previous.handlerId}" from ${previous.version}, which ${between} left as it was`,
  );
}

/** Later than the one and earlier than the other, by parts of a millisecond where there is no whole one between. */
export function timeBetween({ previous, next }: Neighbours, place: string): number {
  if (previous === undefined) return next.createdAt - 1;
  const middle = (previous.createdAt + next.createdAt) / 2;
  const whole = Math.floor(middle);
  if (whole > previous.createdAt) return whole;
  if (middle > previous.createdAt && middle < next.createdAt) return middle;
  throw refused(place, `${previous.version} and ${next.version} of "${next.handlerId}" have the same time`);
}

function refused(place: string, problem: string): DocumentProblem {
  return new DocumentProblem(
    place,
    `it cannot be inserted: ${problem}`,
    'Import the documents into a new store, from the oldest to the newest, or name the version with --version-name.',
  );
}
