import { DocumentProblem } from '../document/document-problem.js';
import type { Findings } from '../document/findings.js';
import type { DeclaredDuties, HandlerDraft } from '../document/importable-document.js';
import { expectArray, expectObject, expectString, type JsonObject, own } from '../document/json-object.js';
import { joinPlace } from '../document/place.js';

const AGAIN = 'Correct the handler, and generate the bundle again.';

const FIELDS: readonly string[] = [
  'handlerId',
  'path',
  'method',
  'gtypes',
  'hooks',
  'timescapeVersion',
  'policies',
  'dependencies',
];

/** What handlers may name. */
export interface BundleNames {
  /** Under which ref a schema is stored, by what it is called. */
  readonly refs: ReadonlyMap<string, string>;
  readonly modules: ReadonlySet<string>;
}

export function readBundleHandlers(
  bundle: JsonObject,
  names: BundleNames,
  prefix: string,
  findings: Findings,
): HandlerDraft[] {
  const handlers = new Map<string, HandlerDraft>();
  expectArray(own(bundle, 'handlers'), 'handlers', 'handlers').forEach((item, i) => {
    const handler = readHandler(item, joinPlace('handlers', i), names, prefix, findings);
    const twin = handlers.get(handler.handlerId);
    if (twin !== undefined) {
      const problem = `the handler "${handler.handlerId}" is also at ${twin.place}`;
      throw new DocumentProblem(handler.place, problem, 'Remove one of them, and generate the bundle again.');
    }
    handlers.set(handler.handlerId, handler);
  });
  return [...handlers.values()];
}

function readHandler(
  item: unknown,
  place: string,
  names: BundleNames,
  prefix: string,
  findings: Findings,
): HandlerDraft {
  const handler = expectObject(item, place, 'a handler');
  for (const name of Object.keys(handler)) {
    if (!FIELDS.includes(name)) findings.add(`handler.${name}`, 'annotation', joinPlace(place, name));
  }
  const text = (name: string): string => filled(own(handler, name), joinPlace(place, name), name);
  return {
    handlerId: `${prefix}${text('handlerId')}`,
    place,
    method: readMethod(handler, place),
    path: text('path'),
    gtypes: readGTypes(handler, place, names),
    declared: { version: text('timescapeVersion'), ...readDuties(handler, place, names) },
  };
}

function readMethod(handler: JsonObject, place: string): string | string[] {
  const at = joinPlace(place, 'method');
  const method = own(handler, 'method');
  if (!Array.isArray(method)) return filled(method, at, 'method').toUpperCase();
  return method.map((one, i) => filled(one, joinPlace(at, i), 'method').toUpperCase());
}

function readGTypes(handler: JsonObject, place: string, { refs }: BundleNames): HandlerDraft['gtypes'] {
  const at = joinPlace(place, 'gtypes');
  const gtypes = expectObject(own(handler, 'gtypes'), at, 'gtypes');
  const refOf = (part: string): string => {
    const name = expectString(own(gtypes, part), joinPlace(at, part), `the ${part} type`);
    const ref = refs.get(name === '' ? 'any' : name);
    if (ref !== undefined) return ref;
    const problem = `it names the schema ${JSON.stringify(name)}, which the bundle does not have`;
    throw new DocumentProblem(
      joinPlace(at, part),
      problem,
      'Add it to the schemas, and generate the bundle again.',
    );
  };
  return {
    request: refOf('request'),
    response: refOf('response'),
    ...(own(gtypes, 'params') === undefined ? {} : { params: refOf('params') }),
    ...(own(gtypes, 'headers') === undefined ? {} : { headers: refOf('headers') }),
  };
}

function readDuties(handler: JsonObject, place: string, names: BundleNames): DeclaredDuties {
  const part = (name: string): JsonObject => expectObject(own(handler, name), joinPlace(place, name), name);
  const [hooks, policies, dependencies] = [part('hooks'), part('policies'), part('dependencies')];
  const list = (holder: JsonObject, of: string, name: string): string[] | undefined =>
    own(holder, name) === undefined
      ? undefined
      : readTexts(own(holder, name), `${joinPlace(place, of)}.${name}`);
  const afterwards = list(hooks, 'hooks', 'catch');
  const roles = list(policies, 'policies', 'roles');
  const rateLimit = readRateLimit(policies, joinPlace(place, 'policies.rateLimit'));
  const modules = list(dependencies, 'dependencies', 'modules') ?? [];
  assertModules(modules, joinPlace(place, 'dependencies.modules'), names);
  const plugins = list(dependencies, 'dependencies', 'plugins');
  return {
    hooks: {
      before: list(hooks, 'hooks', 'before') ?? [],
      after: list(hooks, 'hooks', 'after') ?? [],
      ...(afterwards === undefined ? {} : { catch: afterwards }),
    },
    policies: {
      ...(roles === undefined ? {} : { roles }),
      ...(rateLimit === undefined ? {} : { rateLimit }),
    },
    dependencies: { modules, ...(plugins === undefined ? {} : { plugins }) },
  };
}

function readRateLimit(policies: JsonObject, place: string): DeclaredDuties['policies']['rateLimit'] {
  const value = own(policies, 'rateLimit');
  if (value === undefined) return undefined;
  const rateLimit = expectObject(value, place, 'a rate limit');
  const number = (name: string): number => {
    const found = own(rateLimit, name);
    if (typeof found === 'number') return found;
    // What the framework makes of a tag that is not <requests>/<milliseconds>.
    throw new DocumentProblem(joinPlace(place, name), `the ${name} of a rate limit must be a number`, AGAIN);
  };
  return { limit: number('limit'), window: number('window') };
}

/** The framework refuses to generate such a bundle. */
function assertModules(wanted: readonly string[], place: string, { modules }: BundleNames): void {
  wanted.forEach((name, i) => {
    if (modules.has(name)) return;
    const problem = `it names the module ${JSON.stringify(name)}, which the bundle does not have`;
    throw new DocumentProblem(joinPlace(place, i), problem, 'Generate the bundle again.');
  });
}

function readTexts(value: unknown, place: string): string[] {
  return expectArray(value, place, 'a list').map((item, i) =>
    expectString(item, joinPlace(place, i), 'a name'),
  );
}

function filled(value: unknown, place: string, what: string): string {
  const text = expectString(value, place, `the ${what} of a handler`);
  if (text !== '') return text;
  throw new DocumentProblem(place, `the ${what} is empty`, AGAIN);
}
