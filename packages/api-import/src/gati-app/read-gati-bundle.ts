import { DocumentProblem } from '../document/document-problem.js';
import { Findings } from '../document/findings.js';
import type { ImportableDocument } from '../document/importable-document.js';
import {
  expectArray,
  expectObject,
  expectString,
  isObject,
  type JsonObject,
  own,
} from '../document/json-object.js';
import { joinPlace } from '../document/place.js';
import { ANY_REF, anyType } from '../gtypes/gtype-shapes.js';
import { escapeRefName } from '../gtypes/refs.js';
import { schemaToGType } from '../openapi/schema-to-gtype.js';
import { assertChecksum } from './bundle-checksum.js';
import { type BundleNames, readBundleHandlers } from './bundle-handlers.js';
import { gatiSchema } from './gati-schema.js';

/** What the framework calls the type of whatever nobody has described. */
const ANY_NAME = 'any';

/** Whether a document is a manifest bundle of the Gati framework; an `_app.json` has neither of these. */
export function isGatiBundle(document: JsonObject): boolean {
  return Object.hasOwn(document, 'checksum') && Object.hasOwn(document, 'versionGraph');
}

/** The manifest bundle of a Gati application, `manifest-bundle.json`, as what an import stores. */
export function readGatiBundle(bundle: JsonObject, prefix = ''): ImportableDocument {
  assertChecksum(bundle);
  const findings = new Findings();
  const types = readSchemas(bundle, findings);
  const refs = readNames(bundle);
  const names: BundleNames = { refs, modules: readModules(bundle, findings) };
  const handlers = readBundleHandlers(bundle, names, prefix, findings);
  if (handlers.some(({ gtypes }) => Object.values(gtypes).includes(ANY_REF)))
    types.set(ANY_REF, anyType(ANY_REF));
  countGraph(bundle, findings);
  countMetadata(bundle, findings);
  return {
    format: 'gati-bundle',
    specification: 'Gati manifest bundle',
    title: projectName(bundle),
    version: undefined,
    writtenAt: readGenerated(bundle),
    handlers,
    types,
    schemas: Object.keys(schemasOf(bundle)).length,
    inexpressible: findings.list(),
  };
}

function readSchemas(bundle: JsonObject, findings: Findings): Map<string, ReturnType<typeof schemaToGType>> {
  const context = {
    dialect: '3.1',
    findings,
    subtypes: () => new Map(),
    stubFor(_: unknown, place: string): never {
      throw new DocumentProblem(
        place,
        'a schema of a bundle refers to no other',
        'Generate the bundle again.',
      );
    },
  } as const;
  return new Map(
    Object.entries(schemasOf(bundle)).map(([name, value]) => {
      const place = joinPlace('schemas', name);
      const ref = escapeRefName(name);
      return [ref, schemaToGType(context, gatiSchema(value, place, findings), place, ref)];
    }),
  );
}

/** The refs of schemas by what handlers call them; `any` needs no schema. */
function readNames(bundle: JsonObject): ReadonlyMap<string, string> {
  const names = Object.keys(schemasOf(bundle));
  return new Map([[ANY_NAME, ANY_REF], ...names.map((name) => [name, escapeRefName(name)] as const)]);
}

function schemasOf(bundle: JsonObject): JsonObject {
  return expectObject(own(bundle, 'schemas'), 'schemas', 'the schemas');
}

/** There is no record for them; handlers name those that they need. */
function readModules(bundle: JsonObject, findings: Findings): ReadonlySet<string> {
  const modules = expectArray(own(bundle, 'modules'), 'modules', 'modules').map((item, i) => {
    const place = joinPlace('modules', i);
    findings.add('modules', 'omission', place);
    const module = expectObject(item, place, 'a module');
    return expectString(own(module, 'moduleId'), joinPlace(place, 'moduleId'), 'the id of a module');
  });
  return new Set(modules);
}

/**
 * Its nodes say what the handlers say; its edges lead from one handler to another of the same path,
 * and a version graph is of one handler; its transformers are names of files.
 */
function countGraph(bundle: JsonObject, findings: Findings): void {
  const graph = expectObject(own(bundle, 'versionGraph'), 'versionGraph', 'the version graph');
  const count = (holder: JsonObject, name: string, place: string): void => {
    expectArray(own(holder, name), place, name).forEach((_, i) => {
      findings.add(place, 'omission', joinPlace(place, i));
    });
  };
  expectArray(own(graph, 'nodes'), 'versionGraph.nodes', 'nodes');
  count(graph, 'edges', 'versionGraph.edges');
  count(bundle, 'transformers', 'transformers');
}

function countMetadata(bundle: JsonObject, findings: Findings): void {
  findings.add('version', 'annotation', 'version');
  for (const name of Object.keys(metadataOf(bundle))) {
    if (name !== 'projectName') findings.add(`metadata.${name}`, 'annotation', joinPlace('metadata', name));
  }
}

function projectName(bundle: JsonObject): string | undefined {
  const name = own(metadataOf(bundle), 'projectName');
  if (name === undefined || name === '') return undefined;
  return expectString(name, 'metadata.projectName', 'the name of the project');
}

function metadataOf(bundle: JsonObject): JsonObject {
  const metadata = own(bundle, 'metadata');
  return isObject(metadata) ? metadata : {};
}

function readGenerated(bundle: JsonObject): number {
  const generated = expectString(own(bundle, 'generated'), 'generated', 'the time of the bundle');
  const time = Date.parse(generated);
  if (Number.isFinite(time) && time >= 0) return time;
  throw new DocumentProblem(
    'generated',
    'the time of the bundle must be a date, as 2026-11-26T12:00:00.000Z',
    'Generate the bundle again.',
  );
}
