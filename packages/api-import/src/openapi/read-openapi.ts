import type { DocumentFiles } from '../document/document-files.js';
import { DocumentProblem } from '../document/document-problem.js';
import { Findings } from '../document/findings.js';
import type { ImportableDocument } from '../document/importable-document.js';
import {
  expectObject,
  expectString,
  isBlank,
  isObject,
  type JsonObject,
  own,
} from '../document/json-object.js';
import { joinPlace } from '../document/place.js';
import type { OpenApiContext } from './openapi-context.js';
import { parameterType } from './parameter-type.js';
import { readResponse, requestType } from './read-bodies.js';
import { readOperations } from './read-operations.js';
import { readParameter } from './read-parameters.js';
import { References } from './references.js';
import { SchemaNames } from './schema-names.js';
import { SecuritySchemes } from './security-schemes.js';
import { findSubtypes } from './subtypes.js';
import { TypeCollector } from './type-collector.js';

const EXAMPLE_VERSION = '3.1.0';

/**
 * An OpenAPI 3.0 or 3.1 document as what an import stores.
 *
 * @param files The document, and the files that it refers to, which are of its version of OpenAPI.
 * @param prefix What the ids of the handlers begin with.
 */
export function readOpenApi(document: JsonObject, files: DocumentFiles, prefix = ''): ImportableDocument {
  const specification = readSpecification(document);
  const info = expectObject(own(document, 'info'), 'info', 'info');
  const version = expectString(own(info, 'version'), 'info.version', 'the version of the document');
  const components = readComponents(document);
  const context = createContext(document, files, specification.startsWith('3.0') ? '3.0' : '3.1');
  const schemas = readNamedSchemas(context, components);
  assertComponents(context, components);
  const paths = readPaths(document, context.dialect);
  const handlers = readOperations(context, paths, prefix);
  assertNotOnlyWebhooks(document, handlers);
  for (const part of ['servers', 'webhooks', 'jsonSchemaDialect']) {
    if (Object.hasOwn(document, part)) context.findings.add(`document.${part}`, 'omission', part);
  }
  const title = own(info, 'title');
  return {
    format: 'openapi',
    specification: `OpenAPI ${specification}`,
    title: typeof title === 'string' ? title : undefined,
    version: { name: version, place: 'info.version' },
    writtenAt: undefined,
    handlers,
    types: context.types.finish(),
    schemas,
    inexpressible: context.findings.list(),
  };
}

/** An API that calls others has no handlers; importing nothing of it would look like success. */
function assertNotOnlyWebhooks(document: JsonObject, handlers: readonly unknown[]): void {
  const webhooks = own(document, 'webhooks');
  if (handlers.length > 0 || !isObject(webhooks) || Object.keys(webhooks).length === 0) return;
  throw new DocumentProblem(
    'webhooks',
    'the document describes webhooks only, which an API calls: there is no operation that becomes a handler',
    'Import the document of the application that answers them, with its operations under "paths".',
  );
}

function readSpecification(document: JsonObject): string {
  if (Object.hasOwn(document, 'swagger')) {
    throw new DocumentProblem(
      'swagger',
      `this is a Swagger ${String(own(document, 'swagger'))} document; OpenAPI 3.0 and 3.1 can be imported`,
      'Convert it first, e.g. with "npx swagger2openapi".',
    );
  }
  const specification = own(document, 'openapi');
  if (typeof specification === 'string' && /^3\.[01]\.\d+(-.+)?$/.test(specification)) return specification;
  if (typeof specification === 'string' && /^3\.\d+\.\d+/.test(specification)) {
    throw new DocumentProblem(
      'openapi',
      `the OpenAPI version is ${specification}; 3.0 and 3.1 can be imported`,
      'If the document uses nothing that is newer than 3.1, let it say openapi: "3.1.1".',
    );
  }
  throw new DocumentProblem(
    'openapi',
    `the OpenAPI version is ${JSON.stringify(specification)}; 3.0 and 3.1 can be imported`,
    `Write it as text of three numbers, e.g. openapi: "${EXAMPLE_VERSION}".`,
  );
}

function createContext(document: JsonObject, files: DocumentFiles, dialect: '3.0' | '3.1'): OpenApiContext {
  const components = readComponents(document);
  const references = new References(files);
  const findings = new Findings();
  const schemas = section(components, 'schemas').map(([name, schema]) => [name, schema] as const);
  const names = new SchemaNames(Object.fromEntries(schemas), references);
  const subtypes = findSubtypes((file) => files.content(file), references, names);
  const types = new TypeCollector(references, names, { dialect, findings, subtypes });
  const schemes = new SecuritySchemes(components, references);
  return { dialect, references, findings, types, schemes, security: own(document, 'security') };
}

function readComponents(document: JsonObject): JsonObject {
  const components = own(document, 'components');
  return isBlank(components) ? {} : expectObject(components, 'components', 'components');
}

function readPaths(document: JsonObject, dialect: '3.0' | '3.1'): JsonObject {
  const paths = own(document, 'paths');
  const optional =
    dialect === '3.1' && (Object.hasOwn(document, 'components') || Object.hasOwn(document, 'webhooks'));
  return paths === undefined && optional ? {} : expectObject(paths, 'paths', 'paths');
}

function readNamedSchemas(context: OpenApiContext, components: JsonObject): number {
  const schemas = section(components, 'schemas');
  for (const [name, schema, place] of schemas) context.types.addSchema(name, schema, place);
  return schemas.length;
}

/**
 * Reads the components that no operation refers to as well, so that a damaged
 * document is refused wherever the damage is.
 */
function assertComponents(context: OpenApiContext, components: JsonObject): void {
  for (const [name, value, place] of section(components, 'parameters')) {
    parameterType(context, readParameter(context, value, place), name);
  }
  for (const [name, value, place] of section(components, 'requestBodies')) {
    requestType(context, value, place, name);
  }
  for (const [name, value, place] of section(components, 'responses')) {
    readResponse(context, value, place, 'default', name);
  }
}

function section(components: JsonObject, name: string): [name: string, value: unknown, place: string][] {
  const place = joinPlace('components', name);
  const value = own(components, name);
  if (isBlank(value)) return [];
  return Object.entries(expectObject(value, place, place)).map(([key, item]) => [
    key,
    item,
    joinPlace(place, key),
  ]);
}
