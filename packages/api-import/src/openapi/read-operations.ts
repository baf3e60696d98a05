import { DocumentProblem } from '../document/document-problem.js';
import type { HandlerDraft } from '../document/importable-document.js';
import { expectObject, expectString, type JsonObject, own } from '../document/json-object.js';
import { joinPlace } from '../document/place.js';
import { ANY_REF } from '../gtypes/gtype-shapes.js';
import { handlerTypeRef } from '../gtypes/refs.js';
import { countFields, type OpenApiContext } from './openapi-context.js';
import { requestType, responseType } from './read-bodies.js';
import { headersType, paramsType, readParameters } from './read-parameters.js';
import { readSecurity } from './read-security.js';
import { type RoutePattern, toRoutePattern } from './route-pattern.js';

const METHODS: readonly string[] = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

/** Every operation of a document as a handler. */
export function readOperations(context: OpenApiContext, paths: JsonObject, prefix: string): HandlerDraft[] {
  const handlers = new Map<string, HandlerDraft>();
  for (const [template, item] of Object.entries(paths)) {
    const at = joinPlace('paths', template);
    if (template.startsWith('x-')) {
      context.findings.add(`paths.${template}`, 'annotation', at);
      continue;
    }
    for (const handler of readPathItem(context, { template, prefix, at }, item)) {
      const twin = handlers.get(handler.handlerId);
      if (twin !== undefined) {
        throw new DocumentProblem(
          handler.place,
          `the operation "${handler.handlerId}" is also at ${twin.place}`,
          'Give each operation an operationId of its own.',
        );
      }
      handlers.set(handler.handlerId, handler);
    }
  }
  return [...handlers.values()];
}

interface PathSite {
  readonly template: string;
  /** What the ids of its handlers begin with. */
  readonly prefix: string;
  readonly at: string;
}

function readPathItem(
  context: OpenApiContext,
  { template, prefix, at }: PathSite,
  item: unknown,
): HandlerDraft[] {
  const { value, place } = context.references.follow(item, at);
  const object = expectObject(value, place, 'a path');
  countFields(context, object, place, 'path', [...METHODS, '$ref', 'parameters'], ['servers']);
  const route = toRoutePattern(template, at);
  if (!route.expressible) context.findings.add('path template', 'assertion', at);
  return METHODS.filter((method) => Object.hasOwn(object, method)).map((method) =>
    readOperation(context, { template, prefix, route, item: object, itemPlace: place, method }),
  );
}

interface OperationSite {
  readonly template: string;
  readonly prefix: string;
  readonly route: RoutePattern;
  readonly item: JsonObject;
  readonly itemPlace: string;
  readonly method: string;
}

function readOperation(context: OpenApiContext, site: OperationSite): HandlerDraft {
  const place = joinPlace(site.itemPlace, site.method);
  const operation = expectObject(own(site.item, site.method), place, 'an operation');
  countFields(
    context,
    operation,
    place,
    'operation',
    ['operationId', 'parameters', 'requestBody', 'responses', 'security'],
    ['callbacks', 'servers'],
  );
  const method = site.method.toUpperCase();
  const handlerId = `${site.prefix}${readOperationId(operation, place) ?? `${method} ${site.template}`}`;
  const gtypes = readTypes(context, site, operation, place, handlerId);
  return { handlerId, place, method, path: site.route.path, gtypes };
}

function readOperationId(operation: JsonObject, place: string): string | undefined {
  const id = own(operation, 'operationId');
  if (id === undefined) return undefined;
  const at = joinPlace(place, 'operationId');
  const text = expectString(id, at, 'an operationId');
  if (text === '') throw new DocumentProblem(at, 'the operationId is empty', 'Fill it in or leave it out.');
  return text;
}

function readTypes(
  context: OpenApiContext,
  site: OperationSite,
  operation: JsonObject,
  place: string,
  handlerId: string,
): HandlerDraft['gtypes'] {
  const { types } = context;
  const parameters = readParameters(context, [
    { value: own(site.item, 'parameters'), place: joinPlace(site.itemPlace, 'parameters') },
    { value: own(operation, 'parameters'), place: joinPlace(place, 'parameters') },
  ]);
  const request = requestType(
    context,
    own(operation, 'requestBody'),
    joinPlace(place, 'requestBody'),
    handlerTypeRef(handlerId, 'request'),
  );
  const params = paramsType(context, parameters, site.route, handlerTypeRef(handlerId, 'params'));
  const headersRef = handlerTypeRef(handlerId, 'headers');
  const security = readSecurity(context, operation, place);
  const headers =
    headersType(context, parameters, headersRef) ??
    (security.length > 0 ? { ref: headersRef, kind: 'object' as const, properties: {} } : undefined);
  return {
    request: request === undefined ? types.none() : types.add(request),
    response: readResponses(context, operation, place, handlerId),
    ...(params === undefined ? {} : { params: types.add(params) }),
    ...(headers === undefined
      ? {}
      : { headers: types.add(security.length > 0 ? { ...headers, validators: security } : headers) }),
  };
}

function readResponses(
  context: OpenApiContext,
  operation: JsonObject,
  place: string,
  handlerId: string,
): string {
  const responses = own(operation, 'responses');
  const at = joinPlace(place, 'responses');
  if (responses !== undefined || context.dialect === '3.0') {
    return context.types.add(responseType(context, responses, at, handlerTypeRef(handlerId, 'response')));
  }
  context.types.any();
  return ANY_REF;
}
