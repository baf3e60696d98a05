import { describe, expect, test } from 'vitest';
import {
  change,
  linesOf,
  type Outcome,
  object,
  outcomeOf,
  ref,
  requesting,
  responding,
  type Schema,
  string,
} from './support/operation-pairs.js';

const User = object({ id: string(), name: string() }, ['id']);
const A = object({ kind: { const: 'a' }, a: string() }, ['kind']);
const B = object({ kind: { const: 'b' }, b: string() }, ['kind', 'b']);
const number = (more: object = {}): object => ({ type: 'number', ...more });
const array = (items: Schema, more: object = {}): object => ({ type: 'array', items, ...more });

type Pair = readonly [
  what: string,
  before: Schema,
  after: Schema,
  inRequest: Outcome,
  inResponse: Outcome,
  line?: string,
];

/** Documents of both versions define User, A and B; what is written differs, what is accepted does not. */
const REFACTORINGS: readonly [what: string, before: Schema, after: Schema][] = [
  ['inline instead of named', ref('User'), User],
  ['named instead of inline', User, ref('User')],
  ['an alias of a named schema', ref('User'), ref('UserAlias')],
  ['the same schema under another name', ref('User'), ref('Person')],
  ['items of another name', array(ref('User')), array(ref('Person'))],
  ['split into allOf', User, { allOf: [object({ id: string() }, ['id']), object({ name: string() })] }],
  ['split into named parts', User, { allOf: [ref('Identified'), ref('Named')] }],
  ['an allOf around it', { oneOf: [ref('A'), ref('B')] }, { allOf: [{ oneOf: [ref('A'), ref('B')] }] }],
  [
    'required moved into a member of allOf',
    { allOf: [User, { required: ['name'] }] },
    { allOf: [object({ id: string(), name: string() }, ['id', 'name'])] },
  ],
  ['an enum as oneOf of const', string({ enum: ['x', 'y'] }), { oneOf: [{ const: 'x' }, { const: 'y' }] }],
  ['oneOf of const as an enum', { oneOf: [{ const: 'x' }, { const: 'y' }] }, string({ enum: ['x', 'y'] })],
  ['members of oneOf named', { oneOf: [A, B] }, { oneOf: [ref('A'), ref('B')] }],
  ['members of oneOf renamed', { oneOf: [ref('A'), ref('B')] }, { oneOf: [ref('A'), ref('OtherB')] }],
  [
    'type: object beside oneOf',
    { oneOf: [ref('A'), ref('B')] },
    { type: 'object', oneOf: [ref('A'), ref('B')] },
  ],
  [
    'null by anyOf instead of oneOf',
    { anyOf: [ref('User'), { type: 'null' }] },
    { oneOf: [ref('User'), { type: 'null' }] },
  ],
  [
    'a closed object split by name',
    object({ a: string() }, [], { additionalProperties: false }),
    { allOf: [object({ a: string() }, [], { additionalProperties: false })] },
  ],
  ['both booleans listed', { type: 'boolean' }, { type: 'boolean', enum: [true, false] }],
  [
    'an exclusive limit of integers',
    { type: 'integer', exclusiveMinimum: 0 },
    { type: 'integer', minimum: 1 },
  ],
];

const NAMED = {
  ...{ User, A, B, Person: User, OtherB: B, UserAlias: ref('User') },
  ...{ Identified: object({ id: string() }, ['id']), Named: object({ name: string() }) },
};

describe('a schema that is written in another way', () => {
  test.each(REFACTORINGS)('breaks nobody: %s', async (_, before, after) => {
    const more = { schemas: NAMED };
    for (const version of [requesting, responding]) {
      const changed = await change(version(before, more), version(after, more));
      expect(['compatible', 'unchanged']).toContain(outcomeOf(changed));
      if (changed !== undefined) {
        expect(linesOf(changed)).toEqual(['handler is described in another way, and accepts the same']);
      }
    }
  });

  test('breaks nobody when OpenAPI 3.1 says what 3.0 said', async () => {
    const before = object({
      a: string({ nullable: true }),
      b: number({ minimum: 0, exclusiveMinimum: true }),
      c: string({ nullable: true, enum: ['x', null] }),
    });
    const after = object({
      a: { type: ['string', 'null'] },
      b: number({ exclusiveMinimum: 0 }),
      c: { type: ['string', 'null'], enum: ['x', null] },
    });
    for (const version of [requesting, responding]) {
      const changed = await change(version(before, { openapi: '3.0.3' }), version(after));
      expect(linesOf(changed)).toEqual(['handler is described in another way, and accepts the same']);
    }
  });
});

const CHANGES: readonly Pair[] = [
  [
    'a property of a parent that a member makes required beside another change',
    { allOf: [ref('Parent'), object({ c: string() })] },
    { allOf: [ref('Parent'), object({ c: string(), d: string() }, ['p'])] },
    ...(['breaks', 'compatible', '.p is now required'] as const),
  ],
  [
    'a parent that requires its property beside another change',
    { allOf: [object({ p: string() }), object({ c: string() })] },
    { allOf: [object({ p: string() }, ['p']), object({ c: string(), d: string() })] },
    ...(['breaks', 'compatible', '.p is now required'] as const),
  ],
  [
    'a property that a new member of allOf makes required',
    object({ b: string() }),
    { allOf: [object({ b: string() }), object({ c: string() }, ['b'])] },
    ...(['breaks', 'compatible', '.b is now required'] as const),
  ],
  [
    'a member of allOf with an optional property',
    ref('User'),
    { allOf: [ref('User'), object({ c: string() })] },
    ...(['compatible', 'compatible', '.c is new'] as const),
  ],
  [
    'one type that becomes one of several',
    ref('A'),
    { oneOf: [ref('A'), ref('B')] },
    'compatible',
    'breaks',
    'may now be B',
  ],
  [
    'one of several types that is gone',
    { oneOf: [ref('A'), ref('B')] },
    ref('A'),
    'breaks',
    'compatible',
    'may no longer be B',
  ],
  [
    'oneOf that becomes anyOf',
    { oneOf: [ref('User'), ref('Loose')] },
    { anyOf: [ref('User'), ref('Loose')] },
    'compatible',
    'compatible',
  ],
  [
    'anyOf that becomes oneOf of types that overlap',
    { anyOf: [ref('User'), ref('Loose')] },
    { oneOf: [ref('User'), ref('Loose')] },
    ...(['unknown', 'compatible'] as const),
  ],
  [
    'anyOf that becomes oneOf of types that a property tells apart',
    { anyOf: [ref('A'), ref('B')] },
    { oneOf: [ref('A'), ref('B')] },
    ...(['compatible', 'compatible'] as const),
  ],
  [
    'an alternative that another one accepts already',
    { anyOf: [ref('Loose'), string()] },
    { anyOf: [ref('Loose'), string(), ref('User')] },
    ...(['compatible', 'compatible', 'may now be User'] as const),
  ],
  [
    'a text that lists other numbers',
    string({ enum: [0, 1] }),
    string({ enum: [1, 2] }),
    'breaks',
    'breaks',
    'may no longer be "0"',
  ],
  [
    'a limit in place of values that are all within it',
    { type: 'integer', enum: [1, 2] },
    { type: 'integer', minimum: 1 },
    'compatible',
    'breaks',
    'is no longer limited to 1, 2',
  ],
  [
    'values in place of a length that all of them have',
    string({ minLength: 2, maxLength: 3 }),
    string({ enum: ['ab', 'abc'] }),
    'breaks',
    'compatible',
    'is now limited to "ab", "abc"',
  ],
  [
    'a limit in place of values, one of which is beyond it',
    { type: 'integer', enum: [1, 2] },
    { type: 'integer', minimum: 2 },
    'breaks',
    'breaks',
    'the minimum is now 2',
  ],
  [
    'a looser exclusive minimum',
    number({ exclusiveMinimum: 1 }),
    number({ exclusiveMinimum: 0 }),
    'compatible',
    'breaks',
    'from more than 1 to more than 0',
  ],
  [
    'a stricter exclusive maximum',
    number({ exclusiveMaximum: 9 }),
    number({ exclusiveMaximum: 8 }),
    'breaks',
    'compatible',
    'from less than 9 to less than 8',
  ],
  [
    'a limit that is now excluded',
    number({ minimum: 1 }),
    number({ exclusiveMinimum: 1 }),
    'breaks',
    'compatible',
    'from 1 to more than 1',
  ],
  [
    'a finer multipleOf',
    number({ multipleOf: 0.01 }),
    number({ multipleOf: 0.0001 }),
    'compatible',
    'breaks',
  ],
  ['another multipleOf', number({ multipleOf: 2 }), number({ multipleOf: 3 }), 'breaks', 'breaks'],
  [
    'a wider integer format',
    { type: 'integer', format: 'int32' },
    { type: 'integer', format: 'int64' },
    'compatible',
    'breaks',
  ],
  [
    'another format',
    string({ format: 'date' }),
    string({ format: 'date-time' }),
    'unknown',
    'unknown',
    'format changed',
  ],
  [
    'a schema that becomes what a dynamic reference leads to',
    { type: 'array', items: ref('A') },
    { type: 'array', items: { $dynamicRef: '#item' } },
    'unknown',
    'unknown',
    'what a $dynamicRef leads to is not known',
  ],
  [
    'another dynamic reference',
    { $dynamicRef: '#item' },
    { $dynamicRef: '#other' },
    'unknown',
    'unknown',
    '$dynamicRef',
  ],
  [
    'a dynamic reference beside a type that changes',
    { type: 'string', $dynamicRef: '#item' },
    { type: 'number', $dynamicRef: '#item' },
    'breaks',
    'breaks',
    'is now number',
  ],
  [
    'another condition',
    { if: string(), else: string() },
    { if: number(), else: string() },
    'unknown',
    'unknown',
  ],
  [
    'a place of its own for another item',
    { type: 'array', prefixItems: [string()] },
    { type: 'array', prefixItems: [string(), number()] },
    'breaks',
    'compatible',
    '[1] must now be number',
  ],
  [
    'a pattern for names of properties',
    { type: 'object', patternProperties: { '^x': string() } },
    { type: 'object', patternProperties: { '^x': string(), '^y': string() } },
    ...(['breaks', 'compatible', '(patternProperties ^y) is new'] as const),
  ],
  [
    'a read-only property that is new and required',
    object({ a: string() }),
    object({ a: string(), id: string({ readOnly: true }) }, ['id']),
    'compatible',
    'compatible',
  ],
  [
    'a read-only property that became required',
    object({ id: string({ readOnly: true }) }),
    object({ id: string({ readOnly: true }) }, ['id']),
    'compatible',
    'compatible',
  ],
  [
    'a read-only property that is gone',
    object({ a: string(), id: string({ readOnly: true }) }),
    object({ a: string() }),
    'compatible',
    'breaks',
  ],
  [
    'a property that became read-only',
    object({ a: string() }),
    object({ a: string({ readOnly: true }) }),
    'breaks',
    'compatible',
    '.a is now read-only',
  ],
  [
    'a property that is no longer read-only',
    object({ a: string({ readOnly: true }) }),
    object({ a: string() }),
    'compatible',
    'compatible',
  ],
  [
    'a required property that is no longer read-only',
    object({ a: string({ readOnly: true }) }, ['a']),
    object({ a: string() }, ['a']),
    'breaks',
    'compatible',
    '.a is new and required',
  ],
  [
    'a property that became write-only',
    object({ a: string() }),
    object({ a: string({ writeOnly: true }) }),
    'compatible',
    'breaks',
    '.a is now write-only',
  ],
  [
    'a write-only property that is gone',
    object({ a: string(), b: string({ writeOnly: true }) }),
    object({ a: string() }),
    'breaks',
    'compatible',
  ],
  [
    'a property of a map that is described now',
    { type: 'object', additionalProperties: string() },
    object({ a: number() }, [], { additionalProperties: string() }),
    'breaks',
    'breaks',
    '.a is now number, was string',
  ],
];

const LOOSE = { Loose: object({ id: string() }), Parent: object({ p: string() }) };

describe('a schema that accepts something else', () => {
  test.each(CHANGES)('%s', async (_, before, after, inRequest, inResponse, line) => {
    const more = { schemas: { ...NAMED, ...LOOSE } };
    const request = await change(requesting(before, more), requesting(after, more));
    const response = await change(responding(before, more), responding(after, more));
    expect([outcomeOf(request), ...linesOf(request)][0]).toBe(inRequest);
    expect([outcomeOf(response), ...linesOf(response)][0]).toBe(inResponse);
    if (line === undefined) return;
    expect([...linesOf(request), ...linesOf(response)].join('\n')).toContain(line);
  });

  const pets = (cat: object, mapping?: object): Record<string, Schema> => ({
    Pet: object({ kind: string() }, ['kind'], {
      discriminator: { propertyName: 'kind', ...(mapping === undefined ? {} : { mapping }) },
    }),
    Cat: { allOf: [ref('Pet'), cat] },
  });

  test.each([
    ['that the mapping names', { cat: '#/components/schemas/Cat' }],
    ['that the mapping names briefly', { cat: 'Cat' }],
    ['that names its parent', undefined],
  ])('a subtype %s, although nothing refers to it', async (_, mapping) => {
    const changed = await change(
      responding(ref('Pet'), { schemas: pets(object({ lives: number() }), mapping) }),
      responding(ref('Pet'), { schemas: pets(object({ lives: string() }), mapping) }),
    );
    expect(linesOf(changed)).toEqual(['! response Cat.lives is now string, was number']);
  });

  test('a schema that contains itself, under another name, accepts the same', async () => {
    const node = (name: string): Record<string, Schema> => ({
      [name]: object({ next: { oneOf: [ref(name), { type: 'null' }] }, value: string() }),
    });
    const changed = await change(
      responding(ref('Node'), { schemas: node('Node') }),
      responding(ref('Knot'), { schemas: node('Knot') }),
    );
    expect(linesOf(changed)).toEqual(['handler is described in another way, and accepts the same']);
  });

  test('a change inside a schema that contains itself and was renamed is found', async () => {
    const node = (name: string, value: Schema): Record<string, Schema> => ({
      [name]: object({ next: { oneOf: [ref(name), { type: 'null' }] }, value }),
    });
    const changed = await change(
      responding(ref('Node'), { schemas: node('Node', string()) }),
      responding(ref('Knot'), { schemas: node('Knot', number()) }),
    );
    expect(linesOf(changed)).toContain('! response Knot.value is now number, was string');
  });

  test('a new member before others of a union is no difference of these, although they changed as well', async () => {
    const part = (format: string, name: string): Schema =>
      object({ kind: string(), value: string({ format }), [name]: string() }, ['kind']);
    const union = (names: readonly string[]): Schema => ({
      oneOf: names.map(ref),
      discriminator: {
        propertyName: 'kind',
        mapping: Object.fromEntries(names.map((name) => [name, `#/components/schemas/${name}`])),
      },
    });
    const schemas = (format: string): Record<string, Schema> => ({
      First: part(format, 'first'),
      Second: part(format, 'second'),
      Fresh: part(format, 'fresh'),
    });
    const changed = await change(
      responding(union(['First', 'Second']), { schemas: schemas('date') }),
      responding(union(['Fresh', 'First', 'Second']), { schemas: schemas('date-time') }),
    );
    const lines = linesOf(changed).join('\n');
    expect(lines).toContain('may now be Fresh');
    expect(lines).not.toContain('is gone');
  });

  test('a product of alternatives that is too large to write out is unknown', async () => {
    const many = (from: number): Schema => ({
      anyOf: Array.from({ length: 20 }, (_, i) => object({ [`p${from + i}`]: string() })),
    });
    const before = { allOf: [many(0), many(20)] };
    const changed = await change(responding(before), responding({ allOf: [many(0), many(21)] }));
    expect(outcomeOf(changed)).toBe('unknown');
  });
});
