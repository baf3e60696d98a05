import type { GType, GTypeProperty, Validator } from '@gati-framework/manifest-store';
import { DocumentProblem } from '../document/document-problem.js';
import { expectObject, expectString, isBlank, type JsonObject, own } from '../document/json-object.js';
import { joinPlace } from '../document/place.js';
import { custom, noneType, property } from '../gtypes/gtype-shapes.js';
import { checkExamples, countFields, type OpenApiContext } from './openapi-context.js';
import { parameterType } from './parameter-type.js';

const STATUS = /^([1-5](\d\d|XX|xx)|default)$/;

/**
 * The body of a request: a union with a member for each media type, labelled
 * with a custom `mediaType`. `undefined` when the operation takes no body.
 */
export function requestType(
  context: OpenApiContext,
  body: unknown,
  at: string,
  ref: string,
): GType | undefined {
  if (isBlank(body)) return undefined;
  const { value, place } = context.references.follow(body, at);
  const object = expectObject(value, place, 'a request body');
  countFields(context, object, place, 'requestBody', ['content', 'required', 'description']);
  const content = expectObject(own(object, 'content'), joinPlace(place, 'content'), 'content');
  const types = readContent(context, content, joinPlace(place, 'content'), ref);
  const union = describeWith(object, place, { ref, kind: 'union', types });
  if (own(object, 'required') === true) return union;
  return { ...union, validators: [custom({ keyword: 'required', value: false })] };
}

/**
 * The bodies of all responses: a union with a member for each status and media
 * type, labelled with both. `undefined` when none is described.
 */
export function responseType(
  context: OpenApiContext,
  responses: unknown,
  at: string,
  ref: string,
): GType | undefined {
  const types: GType[] = [];
  for (const [status, response] of Object.entries(expectObject(responses, at, 'responses'))) {
    const place = joinPlace(at, status);
    if (status.startsWith('x-')) {
      context.findings.add(`responses.${status}`, 'annotation', place);
    } else if (STATUS.test(status)) {
      const name = /^\dxx$/.test(status) ? status.toUpperCase() : status;
      types.push(...readResponse(context, response, place, name, `${ref}.${name}`));
    } else {
      throw new DocumentProblem(place, `"${status}" is not a status`, 'Use e.g. "200", "4XX" or "default".');
    }
  }
  return types.length === 0 ? undefined : { ref, kind: 'union', types };
}

/** One response, after following its `$ref`. */
export function readResponse(
  context: OpenApiContext,
  response: unknown,
  at: string,
  status: string,
  ref: string,
): GType[] {
  const { value, place } = context.references.follow(response, at);
  const object = expectObject(value, place, 'a response');
  countFields(context, object, place, 'response', ['content', 'headers', 'description', 'summary']);
  const labels = [custom({ keyword: 'status', value: status }), ...readHeaders(context, object, place, ref)];
  const content = own(object, 'content');
  const types =
    content === undefined
      ? []
      : readContent(
          context,
          expectObject(content, joinPlace(place, 'content'), 'content'),
          joinPlace(place, 'content'),
          ref,
        );
  if (types.length === 0) types.push({ ref, kind: 'intersection', types: [noneType(`${ref}.none`)] });
  return types.map((type) =>
    describeWith(object, place, { ...type, validators: [...labels, ...(type.validators ?? [])] }),
  );
}

function readContent(context: OpenApiContext, content: JsonObject, at: string, ref: string): GType[] {
  return Object.entries(content).map(([mediaType, media]) => {
    const { value, place } = context.references.follow(media, joinPlace(at, mediaType));
    const object = expectObject(value, place, 'a media type');
    checkExamples(context, object, place);
    countFields(context, object, place, 'mediaType', ['schema', 'encoding']);
    const memberRef = `${ref}.${mediaType}`;
    const schema = own(object, 'schema') ?? true;
    const type = context.types.convert(schema, joinPlace(place, 'schema'), `${memberRef}.body`);
    const validators = [custom({ keyword: 'mediaType', value: mediaType })];
    const encoding = own(object, 'encoding');
    if (encoding !== undefined) {
      context.findings.add('mediaType.encoding', 'assertion', joinPlace(place, 'encoding'));
      validators.push(custom({ keyword: 'encoding', value: encoding }));
    }
    return { ref: memberRef, kind: 'intersection', types: [type], validators };
  });
}

/** The headers of a response, as a custom assertion: a manifest has a place for request headers only. */
function readHeaders(context: OpenApiContext, response: JsonObject, at: string, ref: string): Validator[] {
  const headers = own(response, 'headers');
  if (isBlank(headers)) return [];
  const headersPlace = joinPlace(at, 'headers');
  const properties: Record<string, GTypeProperty> = {};
  for (const [name, header] of Object.entries(expectObject(headers, headersPlace, 'headers'))) {
    const { value, place } = context.references.follow(header, joinPlace(headersPlace, name));
    const object = expectObject(value, place, 'a header');
    const lowerName = name.toLowerCase();
    const type = parameterType(
      context,
      { name: lowerName, location: 'header', object, place },
      `${ref}.headers.${lowerName}`,
    );
    properties[lowerName] = property(type, own(object, 'required') !== true);
  }
  context.findings.add('response.headers', 'assertion', headersPlace);
  const schema: GType = { ref: `${ref}.headers`, kind: 'object', properties };
  return [custom({ keyword: 'headers', schema })];
}

function describeWith(object: JsonObject, place: string, type: GType): GType {
  const description = own(object, 'description');
  if (isBlank(description)) return type;
  return {
    ...type,
    description: expectString(description, joinPlace(place, 'description'), 'a description'),
  };
}
