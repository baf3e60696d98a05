import { DocumentProblem } from '../document/document-problem.js';
import { Findings } from '../document/findings.js';
import type { HandlerDraft, ImportableDocument } from '../document/importable-document.js';
import { expectArray, expectObject, expectString, type JsonObject, own } from '../document/json-object.js';
import { joinPlace } from '../document/place.js';
import { ANY_REF, anyType } from '../gtypes/gtype-shapes.js';
import { readTimescape } from './read-timescape.js';

const HANDLER_FIELDS: readonly string[] = ['relativePath', 'route', 'method', 'exportName'];

/** A Gati application's `_app.json`, as `gatic generate:manifests` writes it, as what an import stores. */
export function readGatiApp(document: JsonObject, prefix = ''): ImportableDocument {
  const findings = new Findings();
  const handlers = new Map<string, HandlerDraft>();
  expectArray(own(document, 'handlers'), 'handlers', 'handlers').forEach((item, i) => {
    const handler = readHandler(item, joinPlace('handlers', i), prefix, findings);
    const twin = handlers.get(handler.handlerId);
    if (twin !== undefined) {
      throw new DocumentProblem(
        handler.place,
        `the handler "${handler.handlerId}" is also at ${twin.place}`,
        'Remove one of the two files, and run "gatic generate:manifests" again.',
      );
    }
    handlers.set(handler.handlerId, handler);
  });
  countModules(document, findings);
  const timescape = readTimescape(document, findings);
  return {
    format: 'gati-app',
    specification: 'Gati application',
    title: undefined,
    version: undefined,
    writtenAt: readTimestamp(document),
    handlers: [...handlers.values()],
    types: handlers.size === 0 ? new Map() : new Map([[ANY_REF, anyType(ANY_REF)]]),
    schemas: 0,
    inexpressible: findings.list(),
    ...(timescape === undefined ? {} : { timescape }),
  };
}

function readHandler(item: unknown, place: string, prefix: string, findings: Findings): HandlerDraft {
  const handler = expectObject(item, place, 'a handler');
  const [relativePath, route, method, exportName] = HANDLER_FIELDS.map((name) => {
    const text = expectString(own(handler, name), joinPlace(place, name), `the ${name} of a handler`);
    if (text === '') throw new DocumentProblem(joinPlace(place, name), `the ${name} is empty`, 'Fill it in.');
    return text;
  }) as [string, string, string, string];
  for (const name of Object.keys(handler)) {
    if (name === 'filePath' || name === 'exportType' || HANDLER_FIELDS.includes(name)) continue;
    findings.add(`handler.${name}`, 'annotation', joinPlace(place, name));
  }
  return {
    handlerId: `${prefix}${toHandlerId(relativePath, exportName)}`,
    place,
    method: method.toUpperCase(),
    path: route,
    gtypes: { request: ANY_REF, response: ANY_REF },
  };
}

/**
 * `handlers/users/[id].ts` exporting `getUser` is `users.[id].getUser`: the same on
 * every machine, and the same when its route or method changes.
 */
function toHandlerId(relativePath: string, exportName: string): string {
  const parts = relativePath
    .replace(/\.[jt]s$/, '')
    .split(/[/\\]/)
    .filter((part) => part !== '');
  if (parts[0] === 'handlers') parts.shift();
  return [...parts, exportName].join('.');
}

/** The file does not say which handler uses which module, so they have no place in a manifest. */
function countModules(document: JsonObject, findings: Findings): void {
  const modules = own(document, 'modules');
  if (modules === undefined) return;
  expectArray(modules, 'modules', 'modules').forEach((module, i) => {
    const place = joinPlace('modules', i);
    expectObject(module, place, 'a module');
    findings.add('modules', 'omission', place);
  });
}

function readTimestamp(document: JsonObject): number | undefined {
  const timestamp = own(document, 'timestamp');
  if (timestamp === undefined) return undefined;
  if (typeof timestamp === 'number' && Number.isFinite(timestamp) && timestamp >= 0) return timestamp;
  throw new DocumentProblem(
    'timestamp',
    'the timestamp must be a number of milliseconds',
    'Run "gatic generate:manifests" again.',
  );
}
