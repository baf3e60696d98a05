import { DocumentProblem } from '../document/document-problem.js';
import { expectObject, expectString, isObject, type JsonObject, own } from '../document/json-object.js';
import { joinPlace } from '../document/place.js';
import type { References } from './references.js';

/** What callers must know of a security scheme: how to prove who they are, and where to get the proof. */
export type SchemeDefinition = Readonly<Record<string, unknown>>;

const PLACE = 'components.securitySchemes';

/** The security schemes of a document, each read once. */
export class SecuritySchemes {
  readonly #schemes: JsonObject;
  readonly #references: References;
  readonly #read = new Map<string, SchemeDefinition>();

  constructor(components: JsonObject, references: References) {
    const schemes = own(components, 'securitySchemes') ?? {};
    this.#schemes = expectObject(schemes, PLACE, 'securitySchemes');
    this.#references = references;
    for (const name of Object.keys(this.#schemes)) this.get(name, joinPlace(PLACE, name));
  }

  /** @param place Where the scheme is asked for. */
  get(name: string, place: string): SchemeDefinition {
    let definition = this.#read.get(name);
    if (definition === undefined) {
      definition = this.#readScheme(name, place);
      this.#read.set(name, definition);
    }
    return definition;
  }

  #readScheme(name: string, at: string): SchemeDefinition {
    const scheme = own(this.#schemes, name);
    if (scheme === undefined) {
      throw new DocumentProblem(
        at,
        `there is no security scheme "${name}"`,
        `Define it under ${PLACE}, or correct the name.`,
      );
    }
    const { value, place } = this.#references.follow(scheme, joinPlace(PLACE, name));
    const object = expectObject(value, place, 'a security scheme');
    const type = expectString(own(object, 'type'), joinPlace(place, 'type'), 'the type of a security scheme');
    return { type, ...detailsOf(object, type) };
  }
}

function detailsOf(scheme: JsonObject, type: string): SchemeDefinition {
  switch (type) {
    case 'apiKey':
      return { ...pick(scheme, ['in', 'name']), ...lowerCaseName(scheme) };
    case 'http':
      // The names of authentication schemes are the same in any case.
      return { scheme: String(own(scheme, 'scheme')).toLowerCase() };
    case 'openIdConnect':
      return pick(scheme, ['openIdConnectUrl']);
    case 'oauth2':
      return { flows: flowsOf(own(scheme, 'flows')) };
    default:
      return {};
  }
}

/** Names of headers are the same in any case; those of query parameters and cookies are not. */
function lowerCaseName(scheme: JsonObject): SchemeDefinition {
  const name = own(scheme, 'name');
  return own(scheme, 'in') === 'header' && typeof name === 'string' ? { name: name.toLowerCase() } : {};
}

function flowsOf(flows: unknown): SchemeDefinition {
  if (!isObject(flows)) return {};
  return Object.fromEntries(
    Object.entries(flows).flatMap(([name, flow]) =>
      isObject(flow) ? [[name, pick(flow, ['authorizationUrl', 'tokenUrl', 'refreshUrl'])] as const] : [],
    ),
  );
}

/** Those of the fields that are there: a store drops what is `undefined`, and a definition must come back as it was. */
function pick(object: JsonObject, names: readonly string[]): SchemeDefinition {
  return Object.fromEntries(
    names.flatMap((name) => (own(object, name) === undefined ? [] : [[name, own(object, name)] as const])),
  );
}
