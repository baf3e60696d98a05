import { DocumentProblem } from '../document/document-problem.js';
import type { HandlerDraft } from '../document/importable-document.js';
import { expectObject, expectString, isBlank, type JsonObject, own } from '../document/json-object.js';
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
  const routes = new Map<string, HandlerDraft>();
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
      assertOwnRoute(handler, template, routes);
    }
  }
  return [...handlers.values()];
}

/** Names of parameters do not tell paths apart: which of the two operations a request is for could not be said. */
function assertOwnRoute(handler: HandlerDraft, template: string, routes: Map<string, HandlerDraft>): void {
  const key = `${handler.method} ${template.replace(/\{[^{}]*\}/g, '{}')}`;
  const twin = routes.get(key);
  if (twin !== undefined) {
    throw new DocumentProblem(
      handler.place,
      `requests for it are requests for ${twin.place}, too: the paths differ only in the names of parameters`,
      'Remove one of them.',
    );
  }
  routes.set(key, handler);
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
  const route = toRoutePattern(template, at);
  if (!route.expressible) context.findings.add('path template', 'assertion', at);
  return operationsOf(context, item, at).map(({ method, item: object, itemPlace }) =>
    readOperation(context, { template, prefix, route, item: object, itemPlace, method }),
  );
}

type LocatedOperation = Pick<OperationSite, 'method' | 'item' | 'itemPlace'>;

/** The operations of a path, and those of the path that its `$ref` leads to, which its own take the place of. */
function operationsOf(context: OpenApiContext, item: unknown, at: string): LocatedOperation[] {
  const object = isBlank(item) ? {} : expectObject(item, at, 'a path');
  countFields(context, object, at, 'path', [...METHODS, '$ref', 'parameters'], ['servers']);
  const own = METHODS.filter((method) => Object.hasOwn(object, method)).map((method) => ({
    method,
    item: object,
    itemPlace: at,
  }));
  if (!Object.hasOwn(object, '$ref')) return own;
  const { value, place } = context.references.follow(object, at);
  const others = operationsOf(context, value, place);
  return [...own, ...others.filter(({ method }) => !Object.hasOwn(object, method))];
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
  const at = joinPlace(site.itemPlace, site.method);
  const { value, place } = context.references.follow(own(site.item, site.method), at);
  const operation = expectObject(value, place, 'an operation');
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
  const type =
    responses === undefined
      ? undefined
      : responseType(context, responses, at, handlerTypeRef(handlerId, 'response'));
  if (type !== undefined) return context.types.add(type);
  if (context.dialect === '3.0') context.findings.add('operation.responses (none)', 'interpreted', place);
  context.types.any();
  return ANY_REF;
}
