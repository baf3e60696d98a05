import { assertKeyField } from '@gati-framework/manifest-store/backend';
import { DocumentProblem } from '../document/document-problem.js';
import type { Findings } from '../document/findings.js';
import { expectArray, expectObject, expectString, type JsonObject, own } from '../document/json-object.js';
import { joinPlace } from '../document/place.js';
import { ARTIFACT_LISTS, type TimescapeDraft, type VersionDraft } from './timescape-draft.js';

const NAME_OF_VERSION = /^tsv:(\d+)-.+-\d+$/;
const AGAIN = 'Correct it, or leave the file out.';

/** The part `timescape` of an application's document: the registry of the runtime, and the notes of its timeline. */
export function readTimescape(document: JsonObject, findings: Findings): TimescapeDraft | undefined {
  const value = own(document, 'timescape');
  if (value === undefined) return undefined;
  const timescape = expectObject(value, 'timescape', 'timescape');
  const unread = own(timescape, 'unread');
  if (Array.isArray(unread)) for (const file of unread) findings.add(String(file), 'omission', String(file));
  const registry = part(timescape, 'registry');
  const place = 'timescape.registry';
  const versions = readVersions(part(registry, 'handlers', place), joinPlace(place, 'handlers'));
  return {
    versions,
    tags: readTags(part(registry, 'tags', place), joinPlace(place, 'tags'), versions),
    artifacts: readArtifacts(registry),
    notes: readNotes(own(timescape, 'timeline')),
  };
}

function part(holder: JsonObject, name: string, place = 'timescape'): JsonObject {
  const value = own(holder, name);
  return value === undefined ? {} : expectObject(value, joinPlace(place, name), name);
}

function readVersions(handlers: JsonObject, place: string): Map<string, VersionDraft[]> {
  return new Map(
    Object.entries(handlers).map(([handlerId, timeline]) => {
      const at = joinPlace(place, handlerId);
      assertStorable(handlerId, at);
      const list = own(expectObject(timeline, at, 'the timeline of a handler'), 'versions');
      const versions = expectArray(list, joinPlace(at, 'versions'), 'versions');
      return [
        handlerId,
        versions.map((item, i) => readVersion(item, joinPlace(joinPlace(at, 'versions'), i))),
      ];
    }),
  );
}

function readVersion(item: unknown, place: string): VersionDraft {
  const version = expectObject(item, place, 'a version');
  const name = readName(own(version, 'tsv'), joinPlace(place, 'tsv'));
  const dbSchemaVersion = own(version, 'dbSchemaVersion');
  return {
    version: name,
    deployedAt: momentOf(name),
    hash: text(own(version, 'hash')),
    active: own(version, 'status') !== 'cold',
    requestCount: number(own(version, 'requestCount'), joinPlace(place, 'requestCount')),
    lastAccessed: number(own(version, 'lastAccessed'), joinPlace(place, 'lastAccessed')),
    ...(typeof dbSchemaVersion === 'string' ? { dbSchemaVersion } : {}),
  };
}

function readName(value: unknown, place: string): string {
  const name = expectString(value, place, 'the name of a version');
  assertStorable(name, place);
  if (NAME_OF_VERSION.test(name)) return name;
  throw new DocumentProblem(place, `${JSON.stringify(name)} names no version of the runtime`, AGAIN);
}

/** Milliseconds since the epoch; by right a name has seconds. */
function momentOf(name: string): number {
  const time = Number(NAME_OF_VERSION.exec(name)?.[1] ?? 0);
  return time < 1e11 ? time * 1000 : time;
}

/** The list of tags says to whom each label belongs last; the lists of versions may be older. */
function readTags(
  tags: JsonObject,
  place: string,
  versions: ReadonlyMap<string, readonly VersionDraft[]>,
): TimescapeDraft['tags'] {
  return Object.entries(tags).flatMap(([label, value]) => {
    const at = joinPlace(place, label);
    const tag = expectObject(value, at, 'a tag');
    const version = readName(own(tag, 'tsv'), joinPlace(at, 'tsv'));
    const createdAt = number(own(tag, 'createdAt'), joinPlace(at, 'createdAt'));
    const createdBy = text(own(tag, 'createdBy')) || 'system';
    const owners = [...versions].filter(([, list]) => list.some((one) => one.version === version));
    return owners.map(([handlerId]) => ({ handlerId, label, version, createdAt, createdBy }));
  });
}

function readArtifacts(registry: JsonObject): TimescapeDraft['artifacts'] {
  const named = Object.entries(ARTIFACT_LISTS).flatMap(([list, type]) => {
    const place = joinPlace('timescape.registry', list);
    return Object.entries(part(registry, list, 'timescape.registry')).map(([id, value]) => {
      assertStorable(id, joinPlace(place, id));
      return { type, id, version: readName(value, joinPlace(place, id)) };
    });
  });
  const config = own(registry, 'config');
  if (config === undefined || config === null) return named;
  return [...named, { type: 'config', id: 'config', version: readName(config, 'timescape.registry.config') }];
}

const NOTE_TYPES = ['config', 'schema', 'module', 'event_handler', 'effect', 'route', 'data', 'plugin'];

function readNotes(value: unknown): TimescapeDraft['notes'] {
  if (value === undefined) return [];
  return expectArray(value, 'timescape.timeline', 'the timeline').map((item, i) => {
    const place = joinPlace('timescape.timeline', i);
    const note = expectObject(item, place, 'a note');
    const id = expectString(own(note, 'id'), joinPlace(place, 'id'), 'the id of a note');
    assertStorable(id, joinPlace(place, 'id'));
    const type = expectString(own(note, 'type'), joinPlace(place, 'type'), 'the type of a note');
    if (!NOTE_TYPES.includes(type))
      throw new DocumentProblem(joinPlace(place, 'type'), `${JSON.stringify(type)} is not known`, AGAIN);
    number(own(note, 'timestamp'), joinPlace(place, 'timestamp'));
    return { id, type, note };
  });
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function number(value: unknown, place: string): number {
  if (value === undefined || value === null) return 0;
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  throw new DocumentProblem(place, 'it must be a number that is not negative', AGAIN);
}

function assertStorable(key: string, place: string): void {
  try {
    assertKeyField(key, place);
  } catch (error) {
    throw new DocumentProblem(place, 'it cannot be a key in a store: it is empty or too long', AGAIN, error);
  }
}
