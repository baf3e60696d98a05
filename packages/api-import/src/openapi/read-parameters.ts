import type { GType } from '@gati-framework/manifest-store';
import { DocumentProblem } from '../document/document-problem.js';
import { expectArray, expectObject, expectString, isBlank, own } from '../document/json-object.js';
import { joinPlace } from '../document/place.js';
import { anyType, property } from '../gtypes/gtype-shapes.js';
import type { OpenApiContext } from './openapi-context.js';
import { type Location, type Parameter, parameterType } from './parameter-type.js';
import type { RoutePattern } from './route-pattern.js';

const LOCATIONS: readonly unknown[] = ['path', 'query', 'header', 'cookie'];
/** OpenAPI says that definitions of these are to be ignored: other parts of the document speak of them. */
const IGNORED_HEADERS: readonly string[] = ['accept', 'content-type', 'authorization'];

/** The parameters of an operation; one of its own takes the place of one of its path with the same name. */
export function readParameters(
  context: OpenApiContext,
  lists: readonly { readonly value: unknown; readonly place: string }[],
): Parameter[] {
  const found = new Map<string, Parameter>();
  for (const { value, place } of lists) {
    if (isBlank(value)) continue;
    const seen = new Set<string>();
    expectArray(value, place, 'parameters').forEach((item, i) => {
      const parameter = readParameter(context, item, joinPlace(place, i));
      const key = `${parameter.location} ${parameter.name}`;
      if (seen.has(key)) {
        throw new DocumentProblem(
          joinPlace(place, i),
          `the ${parameter.location} parameter "${parameter.name}" is defined twice`,
          'Keep one of them.',
        );
      }
      seen.add(key);
      found.set(key, parameter);
    });
  }
  return [...found.values()];
}

/** One parameter, after following its `$ref`. */
export function readParameter(context: OpenApiContext, item: unknown, at: string): Parameter {
  const { value, place } = context.references.follow(item, at);
  const object = expectObject(value, place, 'a parameter');
  const name = expectString(own(object, 'name'), joinPlace(place, 'name'), 'the name of a parameter');
  const location = own(object, 'in');
  if (!LOCATIONS.includes(location)) {
    throw new DocumentProblem(
      joinPlace(place, 'in'),
      'a parameter must say where it is',
      `Set "in" to ${LOCATIONS.join(', ')}.`,
    );
  }
  // Names of headers are the same in any case, and Node gives them in lower case.
  return {
    name: location === 'header' ? name.toLowerCase() : name,
    location: location as Location,
    object,
    place,
  };
}

/** Path, query and cookie parameters as one object type; `undefined` without any. */
export function paramsType(
  context: OpenApiContext,
  parameters: readonly Parameter[],
  route: RoutePattern,
  ref: string,
): GType | undefined {
  const builder = new ParametersType(context, ref);
  const undeclared = new Set(route.names.keys());
  for (const parameter of parameters) {
    if (parameter.location === 'path') {
      undeclared.delete(parameter.name);
      builder.add(route.names.get(parameter.name) ?? parameter.name, parameter);
    }
  }
  for (const name of undeclared) builder.addUndeclared(route.names.get(name) as string);
  for (const parameter of parameters) {
    const { name, location } = parameter;
    if (location === 'query') builder.add(builder.has(name) ? `query.${name}` : name, parameter);
    if (location === 'cookie') builder.add(`cookie.${name}`, parameter);
  }
  return builder.build();
}

/** Header parameters as an object type; `undefined` without any. */
export function headersType(
  context: OpenApiContext,
  parameters: readonly Parameter[],
  ref: string,
): GType | undefined {
  const builder = new ParametersType(context, ref);
  for (const parameter of parameters) {
    if (parameter.location !== 'header') continue;
    if (IGNORED_HEADERS.includes(parameter.name)) {
      context.findings.add(`parameter (header ${parameter.name})`, 'annotation', parameter.place);
    } else builder.add(parameter.name, parameter);
  }
  return builder.build();
}

class ParametersType {
  readonly #context: OpenApiContext;
  readonly #ref: string;
  readonly #properties: NonNullable<GType['properties']> = {};
  readonly #required: string[] = [];

  constructor(context: OpenApiContext, ref: string) {
    this.#context = context;
    this.#ref = ref;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#properties, name);
  }

  add(name: string, parameter: Parameter): void {
    if (name === '__proto__' || this.has(name)) {
      throw new DocumentProblem(parameter.place, `the parameter cannot be stored as "${name}"`, 'Rename it.');
    }
    const type = parameterType(this.#context, parameter, `${this.#ref}.${name}`);
    const description = own(parameter.object, 'description');
    const described = typeof description === 'string' ? { ...type, description } : type;
    const required = parameter.location === 'path' || own(parameter.object, 'required') === true;
    this.#properties[name] = property(described, !required);
    if (required) this.#required.push(name);
  }

  addUndeclared(name: string): void {
    this.#properties[name] = { type: anyType(`${this.#ref}.${name}`), optional: false };
    this.#required.push(name);
  }

  build(): GType | undefined {
    if (Object.keys(this.#properties).length === 0) return undefined;
    const type: GType = { ref: this.#ref, kind: 'object', properties: this.#properties };
    return this.#required.length === 0 ? type : { ...type, required: this.#required };
  }
}
