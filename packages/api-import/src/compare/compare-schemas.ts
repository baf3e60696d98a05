import type { GType } from '@gati-framework/manifest-store';
import { canonicalGType } from '../gtypes/canonical-gtype.js';
import { customAssertion } from '../gtypes/gtype-shapes.js';
import { stubRefs } from '../gtypes/map-gtype.js';
import type { Alternative } from './alternative.js';
import { inside } from './compare-fields.js';
import type { Site, TypeComparer } from './compare-types.js';
import { opposite } from './difference.js';

/** Hold one schema for each name or pattern; the others hold one. */
const MAPS: ReadonlySet<string> = new Set(['patternProperties', 'dependentSchemas', 'prefixItems']);

/** Narrow what is valid when they narrow themselves, and the other way round. */
const COVARIANT: ReadonlySet<string> = new Set([
  ...[
    'additionalProperties',
    'propertyNames',
    'unevaluatedProperties',
    'unevaluatedItems',
    'additionalItems',
  ],
  ...['contains', 'contentSchema', 'patternProperties', 'dependentSchemas', 'prefixItems'],
]);

/** Assertions whose value is a schema. */
export function compareSchemas(
  comparer: TypeComparer,
  before: Alternative,
  after: Alternative,
  site: Site,
): void {
  const older = schemas(before);
  const newer = schemas(after);
  for (const [name, { keyword }] of new Map([...older, ...newer])) {
    const place = inside(site, ` (${name})`);
    compareKeyword(comparer, keyword, older.get(name)?.types ?? [], newer.get(name)?.types ?? [], place);
  }
}

function compareKeyword(
  comparer: TypeComparer,
  keyword: string,
  before: readonly GType[],
  after: readonly GType[],
  site: Site,
): void {
  if (keyword === 'subtypes') compareSubtypes(comparer, before, after, site);
  else if (keyword === 'if' || keyword === 'then' || keyword === 'else') {
    if (!sameTypes(before, after)) comparer.report('unknown', describeChange(before, after), site);
    else comparer.compare(before, after, site);
  } else if (before.length === 0) comparer.report('narrowed', 'is new', site);
  else if (after.length === 0) comparer.report('widened', 'is gone', site);
  else if (keyword === 'not' && before.length === 1 && after.length === 1) {
    comparer.compare(before, after, { ...site, direction: opposite(site.direction) });
  } else if (COVARIANT.has(keyword)) comparer.compare(before, after, site);
  else if (!sameTypes(before, after)) comparer.report('unknown', 'changed', site);
}

/** Subtypes that only a discriminator names: a new one is something that callers may receive. */
function compareSubtypes(
  comparer: TypeComparer,
  before: readonly GType[],
  after: readonly GType[],
  site: Site,
): void {
  const older = namedTypes(before);
  const newer = namedTypes(after);
  const { where, ...rest } = site;
  const place = { ...rest, where: where.replace(/ \(subtypes\)$/, '') };
  for (const [name, type] of newer) {
    const known = older.get(name);
    if (known !== undefined) comparer.compare([known], [type], place);
    else comparer.report('compatible', `may now be ${name} as well`, place);
  }
  for (const name of older.keys()) {
    if (!newer.has(name)) comparer.report('unknown', `is no longer said to be ${name}`, place);
  }
}

function namedTypes(types: readonly GType[]): Map<string, GType> {
  return new Map(
    types.flatMap(({ properties = {} }) =>
      Object.entries(properties).map(([name, { type }]) => [name, type]),
    ),
  );
}

function describeChange(before: readonly GType[], after: readonly GType[]): string {
  if (before.length === 0) return 'is new';
  return after.length === 0 ? 'is gone' : 'changed';
}

function sameTypes(before: readonly GType[], after: readonly GType[]): boolean {
  const text = (types: readonly GType[]): string => types.map(canonicalGType).sort().join();
  return text(before) === text(after) && before.every((type) => stubRefs(type).size === 0);
}

/** The schemas of an alternative by keyword, those of maps by keyword and name. */
function schemas({ validators }: Alternative): Map<string, { keyword: string; types: GType[] }> {
  const found = new Map<string, { keyword: string; types: GType[] }>();
  const add = (name: string, keyword: string, type: GType): void => {
    const known = found.get(name);
    if (known === undefined) found.set(name, { keyword, types: [type] });
    else known.types.push(type);
  };
  for (const validator of validators) {
    const { keyword, schema } = customAssertion(validator) ?? {};
    if (keyword === undefined || schema === undefined || keyword === 'headers') continue;
    if (!MAPS.has(keyword)) add(keyword, keyword, schema);
    else {
      for (const [name, { type }] of Object.entries(schema.properties ?? {})) {
        add(`${keyword} ${name}`, keyword, type);
      }
    }
  }
  return found;
}
