import type { GType, Validator } from '@gati-framework/manifest-store';
import { DocumentProblem } from '../document/document-problem.js';
import { expectObject, type JsonObject, own } from '../document/json-object.js';
import { joinPlace } from '../document/place.js';
import { custom, withValidators } from '../gtypes/gtype-shapes.js';
import { checkExamples, countFields, type OpenApiContext } from './openapi-context.js';

export type Location = 'path' | 'query' | 'header' | 'cookie';

/** A parameter, or a header of a response. */
export interface Parameter {
  readonly name: string;
  readonly location: Location;
  readonly object: JsonObject;
  readonly place: string;
}

/** The type of one parameter's value; checks everything that is read of the parameter. */
export function parameterType(
  context: OpenApiContext,
  { object, place, location }: Parameter,
  ref: string,
): GType {
  countFields(context, object, place, 'parameter', [
    ...['name', 'in', 'required', 'description', 'schema', 'content'],
    ...['style', 'explode', 'allowReserved', 'allowEmptyValue'],
  ]);
  checkExamples(context, object, place);
  const serialisation = readSerialisation(context, object, place, location);
  const content = own(object, 'content');
  if (content === undefined) {
    const type = context.types.convert(own(object, 'schema') ?? true, joinPlace(place, 'schema'), ref);
    return withValidators(type, serialisation, ref);
  }
  const contentPlace = joinPlace(place, 'content');
  const [entry, second] = Object.entries(expectObject(content, contentPlace, 'content'));
  if (entry === undefined || second !== undefined) {
    throw new DocumentProblem(contentPlace, 'the content of a parameter has one media type', 'Keep one.');
  }
  const [mediaType, media] = entry;
  const { value, place: mediaPlace } = context.references.follow(media, joinPlace(contentPlace, mediaType));
  const schema = own(expectObject(value, mediaPlace, 'a media type'), 'schema') ?? true;
  const type = context.types.convert(schema, joinPlace(mediaPlace, 'schema'), ref);
  context.findings.add('parameter.content', 'assertion', contentPlace);
  return withValidators(type, [...serialisation, custom({ keyword: 'content', value: mediaType })], ref);
}

/** How the value is written into the request, where it is not the usual way. */
function readSerialisation(
  context: OpenApiContext,
  parameter: JsonObject,
  place: string,
  location: Location,
): Validator[] {
  const usualStyle = location === 'query' || location === 'cookie' ? 'form' : 'simple';
  const style = own(parameter, 'style') ?? usualStyle;
  const unusual: Record<string, unknown> = {
    style: style === usualStyle ? undefined : style,
    explode: own(parameter, 'explode') === (style !== 'form') ? style !== 'form' : undefined,
    allowReserved: own(parameter, 'allowReserved') === true ? true : undefined,
    allowEmptyValue: own(parameter, 'allowEmptyValue') === true ? true : undefined,
  };
  return Object.entries(unusual).flatMap(([name, value]) => {
    if (value === undefined) return [];
    context.findings.add(`parameter.${name}`, 'assertion', joinPlace(place, name));
    return [custom({ keyword: name, value })];
  });
}
