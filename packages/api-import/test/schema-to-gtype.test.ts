import { importDocument } from '@gati-framework/api-import';
import { createInMemoryStorage, type GType } from '@gati-framework/manifest-store';
import { describe, expect, test } from 'vitest';
import { gtypeOf, openApi, refusalOf } from './support/documents.js';

type Expected = Omit<GType, 'ref'>;

const string: Expected = { kind: 'primitive', primitiveType: 'string' };
const number: Expected = { kind: 'primitive', primitiveType: 'number' };
const nothing: Expected = { kind: 'primitive', primitiveType: 'null' };
const custom = (keyword: string, value: unknown): unknown => ({ type: 'custom', value: { keyword, value } });

const EXPRESSED: readonly [what: string, schema: unknown, gtype: unknown][] = [
  ['a string', { type: 'string' }, string],
  [
    'limits of a string',
    { type: 'string', minLength: 1, maxLength: 8, pattern: '^a' },
    {
      ...string,
      validators: [
        { type: 'min', value: 1 },
        { type: 'max', value: 8 },
        { type: 'pattern', value: '^a' },
      ],
    },
  ],
  [
    'limits of a number',
    { type: 'number', minimum: 0, maximum: 1.5 },
    {
      ...number,
      validators: [
        { type: 'min', value: 0 },
        { type: 'max', value: 1.5 },
      ],
    },
  ],
  [
    'an object',
    {
      type: 'object',
      required: ['a'],
      properties: { a: { type: 'string', description: 'An a.' }, b: { type: 'number' } },
    },
    {
      kind: 'object',
      properties: {
        a: { type: string, optional: false, description: 'An a.' },
        b: { type: number, optional: true },
      },
      required: ['a'],
    },
  ],
  ['an object of anything', { type: 'object' }, { kind: 'object', properties: {} }],
  [
    'an array',
    { type: 'array', items: { type: 'string' }, minItems: 2 },
    { kind: 'array', items: string, validators: [{ type: 'min', value: 2 }] },
  ],
  ['an array of anything', { type: 'array' }, { kind: 'array', items: { kind: 'intersection', types: [] } }],
  [
    'an enum',
    { type: 'string', enum: ['a', 'b'] },
    { ...string, validators: [{ type: 'enum', value: ['a', 'b'] }] },
  ],
  ['a const', { const: 7 }, { ...number, validators: [{ type: 'enum', value: [7] }] }],
  [
    'an enum of several types',
    { enum: ['a', 1, null] },
    {
      kind: 'union',
      types: [
        { ...string, validators: [{ type: 'enum', value: ['a'] }] },
        { ...number, validators: [{ type: 'enum', value: [1] }] },
        nothing,
      ],
    },
  ],
  ['several types', { type: ['string', 'null'] }, { kind: 'union', types: [string, nothing] }],
  [
    'alternatives',
    { anyOf: [{ type: 'string' }, { type: 'number' }] },
    { kind: 'union', types: [string, number] },
  ],
  [
    'a combination',
    { type: 'object', allOf: [{ properties: { a: { type: 'string' } }, required: ['a'] }] },
    {
      kind: 'intersection',
      types: [
        { kind: 'object', properties: {} },
        { kind: 'object', properties: { a: { type: string, optional: false } }, required: ['a'] },
      ],
    },
  ],
  ['any value', {}, { kind: 'intersection', types: [] }],
  ['any value, as true', true, { kind: 'intersection', types: [] }],
  ['no value', false, { kind: 'union', types: [] }],
];

/** Without the names of inner types, which are for people. */
function withoutRefs(type: unknown): unknown {
  return JSON.parse(JSON.stringify(type, (name, value: unknown) => (name === 'ref' ? undefined : value)));
}

describe('what a GType expresses', () => {
  test.each(EXPRESSED)('%s', async (_, schema, gtype) => {
    expect(withoutRefs(await gtypeOf(schema))).toEqual(gtype);
  });

  test('nullable in OpenAPI 3.0, also of a reference', async () => {
    expect(
      withoutRefs(await gtypeOf({ type: 'string', nullable: true, enum: ['a', null] }, '3.0.3')),
    ).toEqual({
      kind: 'union',
      types: [{ ...string, validators: [{ type: 'enum', value: ['a'] }] }, nothing],
    });
    const type = await gtypeOf(
      { nullable: true, allOf: [{ $ref: '#/components/schemas/Subject' }] },
      '3.0.3',
    );
    expect(type.types?.[0]).toEqual({ ref: 'Subject', kind: 'union' });
  });

  test('inner types are called after their place', async () => {
    const type = await gtypeOf({ properties: { tags: { type: 'array', items: { type: 'string' } } } });
    expect(type.properties?.tags?.type.items?.ref).toBe('Subject.tags[]');
  });
});

const INEXPRESSIBLE: readonly [keyword: string, effect: string, schema: unknown, kept: unknown][] = [
  ['format', 'assertion', { type: 'string', format: 'uuid' }, [custom('format', 'uuid')]],
  ['type: integer', 'assertion', { type: 'integer' }, [custom('type', 'integer')]],
  ['multipleOf', 'assertion', { type: 'number', multipleOf: 5 }, [custom('multipleOf', 5)]],
  ['exclusiveMinimum', 'assertion', { type: 'number', exclusiveMinimum: 0 }, [custom('exclusiveMinimum', 0)]],
  ['uniqueItems', 'assertion', { type: 'array', uniqueItems: true }, [custom('uniqueItems', true)]],
  ['readOnly', 'assertion', { type: 'string', readOnly: true }, [custom('readOnly', true)]],
  [
    'additionalProperties',
    'assertion',
    { type: 'object', additionalProperties: false },
    [{ type: 'custom', value: { keyword: 'additionalProperties', schema: { kind: 'union', types: [] } } }],
  ],
  [
    'patternProperties',
    'assertion',
    { type: 'object', patternProperties: { '^x': { type: 'string' } } },
    [
      {
        type: 'custom',
        value: {
          keyword: 'patternProperties',
          schema: { kind: 'object', properties: { '^x': { type: string, optional: true } } },
        },
      },
    ],
  ],
  [
    'not',
    'assertion',
    { not: { type: 'string' } },
    [{ type: 'custom', value: { keyword: 'not', schema: string } }],
  ],
  [
    'oneOf (exactly one)',
    'assertion',
    { oneOf: [{ type: 'string' }, { type: 'number' }] },
    [custom('oneOf', 'exactly one')],
  ],
  [
    'discriminator',
    'assertion',
    { anyOf: [{ type: 'string' }, { type: 'number' }], discriminator: { propertyName: 'kind' } },
    [custom('discriminator', { propertyName: 'kind' })],
  ],
  ['type (implied)', 'interpreted', { properties: {} }, undefined],
  ['default', 'annotation', { type: 'string', default: 'a' }, undefined],
  ['example', 'annotation', { type: 'string', example: 'a' }, undefined],
  ['x-internal', 'annotation', { type: 'string', 'x-internal': true }, undefined],
  ['unheardOf', 'annotation', { type: 'string', unheardOf: 1 }, undefined],
  ['minimum (of another type)', 'annotation', { type: 'string', minimum: 1 }, undefined],
  ['nullable (not in 3.1)', 'annotation', { type: 'string', nullable: true }, undefined],
];

describe('what a GType cannot express', () => {
  test.each(INEXPRESSIBLE)('%s is counted as %s', async (keyword, effect, schema, kept) => {
    const storage = createInMemoryStorage();
    const report = await importDocument(storage, { text: openApi({ schemas: { Subject: schema } }) });
    expect(report.inexpressible).toHaveLength(1);
    expect(report.inexpressible[0]).toMatchObject({ keyword, effect, count: 1 });
    expect(report.inexpressible[0]?.first).toMatch(/^components\.schemas\.Subject/);
    const stored = (await storage.getGType('Subject'))?.validators;
    expect(stored === undefined ? undefined : withoutRefs(stored)).toEqual(kept);
  });

  test('keywords that say nothing are not counted', async () => {
    const schema = {
      type: 'object',
      additionalProperties: true,
      properties: { a: { type: 'array', uniqueItems: false, items: { additionalProperties: {} } } },
    };
    const report = await importDocument(createInMemoryStorage(), {
      text: openApi({ schemas: { A: schema } }),
    });
    expect(report.inexpressible.map(({ keyword }) => keyword)).toEqual(['type (implied)']);
  });

  test('each place counts once, however many operations refer to it', async () => {
    const response = {
      description: 'ok',
      content: { 'text/plain': { schema: { type: 'string', format: 'uri' } } },
    };
    const operation = { responses: { 200: { $ref: '#/components/responses/Text' } } };
    const text = openApi({
      paths: { '/a': { get: operation }, '/b': { get: operation, put: operation } },
      components: { responses: { Text: response } },
    });
    const report = await importDocument(createInMemoryStorage(), { text });
    expect(report.inexpressible.filter(({ keyword }) => keyword === 'format')).toEqual([
      {
        keyword: 'format',
        effect: 'assertion',
        count: 1,
        first: 'components.responses.Text.content.text/plain.schema.format',
      },
    ]);
  });

  test('assertions beside a $ref hold in 3.1, and are ignored and counted in 3.0', async () => {
    const schema = {
      type: 'object',
      properties: { self: { $ref: '#/components/schemas/Subject', minProperties: 1, description: 'Me.' } },
    };
    const newer = (await gtypeOf(schema)).properties?.self;
    expect(newer).toMatchObject({
      type: {
        kind: 'intersection',
        types: [{ ref: 'Subject', kind: 'object' }, { validators: [{ type: 'min' }] }],
      },
      description: 'Me.',
    });
    const older = (await gtypeOf(schema, '3.0.0')).properties?.self;
    expect(older).toEqual({ type: { ref: 'Subject', kind: 'object' }, optional: true, description: 'Me.' });
    const text = openApi({ openapi: '3.0.0', schemas: { Subject: schema } });
    const report = await importDocument(createInMemoryStorage(), { text });
    expect(report.inexpressible.map(({ keyword }) => keyword)).toEqual(['minProperties beside $ref']);
  });
});

describe('references', () => {
  test('recursive schemas refer to themselves by a stub', async () => {
    const type = await gtypeOf({
      type: 'object',
      properties: { children: { type: 'array', items: { $ref: '#/components/schemas/Subject' } } },
    });
    expect(type.properties?.children?.type.items).toEqual({ ref: 'Subject', kind: 'object' });
  });

  test('a stub has the kind of its type, which an object without properties is not taken for', async () => {
    const storage = createInMemoryStorage();
    const schemas = {
      Free: { type: 'object' },
      Either: { anyOf: [{ type: 'string' }, { type: 'null' }] },
      Alias: { $ref: '#/components/schemas/Either' },
      Holder: { type: 'object', properties: { free: { $ref: '#/components/schemas/Free' } } },
    };
    await importDocument(storage, { text: openApi({ schemas }) });
    expect(await storage.getGType('Free')).toEqual({ ref: 'Free', kind: 'object', properties: {} });
    expect(await storage.getGType('Alias')).toEqual({
      ref: 'Alias',
      kind: 'intersection',
      types: [{ ref: 'Either', kind: 'union' }],
    });
    expect((await storage.getGType('Holder'))?.properties?.free?.type).toEqual({
      ref: 'Free',
      kind: 'object',
    });
  });

  test('a reference into a schema makes a GType of its own', async () => {
    const storage = createInMemoryStorage();
    const schemas = {
      User: { type: 'object', properties: { name: { type: 'string' } } },
      Greeting: { type: 'object', properties: { to: { $ref: '#/components/schemas/User/properties/name' } } },
    };
    await importDocument(storage, { text: openApi({ schemas }) });
    expect(await storage.getGType('components/schemas/User/properties/name')).toMatchObject(string);
  });

  test('escapes in references are undone', async () => {
    const storage = createInMemoryStorage();
    const schemas = {
      'a/b~c d': { type: 'string' },
      User: { type: 'array', items: { $ref: '#/components/schemas/a~1b~0c%20d' } },
    };
    await importDocument(storage, { text: openApi({ schemas }) });
    expect((await storage.getGType('User'))?.items).toEqual({ ref: 'a/b~c d', kind: 'primitive' });
  });

  test('names that are special in JavaScript are ordinary names', async () => {
    const storage = createInMemoryStorage();
    const schemas = {
      constructor: {
        type: 'object',
        properties: { toString: { $ref: '#/components/schemas/hasOwnProperty' } },
      },
      hasOwnProperty: { type: 'string' },
    };
    const paths = { '/x': { get: { operationId: 'valueOf', responses: { 204: { description: 'done' } } } } };
    await importDocument(storage, { text: openApi({ schemas, paths }) });
    expect(await storage.getGType('constructor')).toMatchObject({
      properties: { toString: { type: { ref: 'hasOwnProperty' } } },
    });
    expect(await storage.getManifest('valueOf')).toMatchObject({ path: '/x' });
    const missing = await refusalOf(openApi({ schemas: { A: { $ref: '#/components/schemas/toString' } } }));
    expect(missing.message).toContain('not there');
  });

  test('signs that refs use for themselves are escaped in names', async () => {
    const storage = createInMemoryStorage();
    await importDocument(storage, { text: openApi({ schemas: { 'a@1#x%': { type: 'string' } } }) });
    expect(await storage.getGType('a%401%23x%25')).toBeDefined();
  });

  test('a chain of ten thousand references does not exhaust the stack', async () => {
    const schemas: Record<string, unknown> = { S0: { type: 'string' } };
    for (let i = 1; i < 10_000; i++)
      schemas[`S${i}`] = { type: 'array', items: { $ref: `#/components/schemas/S${i - 1}` } };
    const reversed = Object.fromEntries(Object.entries(schemas).reverse());
    const report = await importDocument(createInMemoryStorage(), { text: openApi({ schemas: reversed }) });
    expect(report.schemas).toBe(10_000);
  });
});
