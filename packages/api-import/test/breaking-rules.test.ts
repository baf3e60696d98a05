import { type ChangedHandler, importDocument } from '@gati-framework/api-import';
import { createInMemoryStorage } from '@gati-framework/manifest-store';
import { describe, expect, test } from 'vitest';
import { openApi } from './support/documents.js';

type Schema = unknown;
type Verdict = 'breaks' | 'unknown' | 'compatible' | 'unchanged';

/** What becomes of an operation when the schema of its request or response body changes. */
const SCHEMAS: readonly [
  what: string,
  before: Schema,
  after: Schema,
  inRequest: Verdict,
  inResponse: Verdict,
  difference: string | undefined,
][] = [
  [
    'a new optional property',
    object({ a: string() }),
    object({ a: string(), b: string() }),
    'compatible',
    'compatible',
    '.b is new',
  ],
  [
    'a new required property',
    object({ a: string() }),
    object({ a: string(), b: string() }, ['b']),
    'breaks',
    'compatible',
    '.b is new and required',
  ],
  [
    'a property that is gone',
    object({ a: string(), b: string() }),
    object({ a: string() }),
    'breaks',
    'breaks',
    '.b is gone',
  ],
  [
    'a property that became required',
    object({ a: string() }),
    object({ a: string() }, ['a']),
    'breaks',
    'compatible',
    '.a is now required',
  ],
  [
    'a property that became optional',
    object({ a: string() }, ['a']),
    object({ a: string() }),
    'compatible',
    'breaks',
    '.a is now optional',
  ],
  ['another type', string(), { type: 'number' }, 'breaks', 'breaks', 'is now number, was string'],
  ['a further type', string(), { type: ['string', 'null'] }, 'compatible', 'breaks', 'may now be null'],
  ['a type less', { type: ['string', 'null'] }, string(), 'breaks', 'compatible', 'may no longer be null'],
  ['any value instead of a type', string(), {}, 'compatible', 'breaks', 'may now be anything'],
  ['a type instead of any value', {}, string(), 'breaks', 'compatible', 'must now be string'],
  [
    'a new enum value',
    { type: 'string', enum: ['a'] },
    { type: 'string', enum: ['a', 'b'] },
    'compatible',
    'breaks',
    'may now be "b"',
  ],
  [
    'an enum value that is gone',
    { type: 'string', enum: ['a', 'b'] },
    { type: 'string', enum: ['a'] },
    'breaks',
    'compatible',
    'may no longer be "b"',
  ],
  ['a new enum', string(), { type: 'string', enum: ['a'] }, 'breaks', 'compatible', 'is now limited to "a"'],
  [
    'enum values in another order',
    { type: 'string', enum: ['a', 'b'] },
    { type: 'string', enum: ['b', 'a'] },
    'unchanged',
    'unchanged',
    undefined,
  ],
  [
    'a higher minimum',
    { type: 'number', minimum: 1 },
    { type: 'number', minimum: 2 },
    'breaks',
    'compatible',
    'the minimum changed from 1 to 2',
  ],
  [
    'a higher maximum length',
    { type: 'string', maxLength: 1 },
    { type: 'string', maxLength: 2 },
    'compatible',
    'breaks',
    'the maximum changed from 1 to 2',
  ],
  [
    'a new pattern',
    string(),
    { type: 'string', pattern: '^a' },
    'breaks',
    'compatible',
    'the pattern "^a" is new',
  ],
  [
    'another pattern',
    { type: 'string', pattern: '^b' },
    { type: 'string', pattern: '^a' },
    'unknown',
    'unknown',
    'the pattern changed',
  ],
  [
    'a new format',
    string(),
    { type: 'string', format: 'uuid' },
    'breaks',
    'compatible',
    'format "uuid" is new',
  ],
  [
    'integers instead of numbers',
    { type: 'number' },
    { type: 'integer' },
    'breaks',
    'compatible',
    'type "integer" is new',
  ],
  [
    'items of another type',
    { type: 'array', items: string() },
    { type: 'array', items: { type: 'boolean' } },
    'breaks',
    'breaks',
    '[] is now boolean',
  ],
  [
    'a further alternative',
    { anyOf: [string(), object({})] },
    { anyOf: [string(), object({}), { type: 'number' }] },
    'compatible',
    'breaks',
    'may now be number',
  ],
  [
    'alternatives in another order',
    { anyOf: [string(), { type: 'number' }] },
    { anyOf: [{ type: 'number' }, string()] },
    'unchanged',
    'unchanged',
    undefined,
  ],
  [
    'no additional properties any more',
    object({ a: string() }),
    { ...object({ a: string() }), additionalProperties: false },
    'breaks',
    'compatible',
    '.* must now be nothing',
  ],
  [
    'a property that moved into an allOf',
    object({ a: string(), b: string() }),
    { allOf: [object({ a: string() }), object({ b: string() }), object({ c: string() })] },
    'compatible',
    'compatible',
    '.c is new',
  ],
  [
    'more that must not be',
    { type: 'string', not: { enum: ['a'] } },
    { type: 'string', not: { enum: ['a', 'b'] } },
    'breaks',
    'compatible',
    '(not) may now be "b"',
  ],
  [
    'another description',
    { type: 'string', description: 'a' },
    { type: 'string', description: 'b' },
    'unchanged',
    'unchanged',
    undefined,
  ],
  [
    'another example',
    { type: 'string', example: 'a' },
    { type: 'string', example: 'b' },
    'unchanged',
    'unchanged',
    undefined,
  ],
];

describe('a schema that changed', () => {
  test.each(SCHEMAS)('%s', async (_, before, after, inRequest, inResponse, difference) => {
    const request = await change(withRequest(before), withRequest(after));
    expect(verdict(request)).toBe(inRequest);
    const response = await change(withResponse(before), withResponse(after));
    expect(verdict(response)).toBe(inResponse);
    if (difference === undefined) return;
    expect(lines(request)).toEqual([expect.stringContaining(difference)]);
    expect(lines(response)).toEqual([expect.stringContaining(difference)]);
  });

  test.each(SCHEMAS)('%s, in a named schema', async (_, before, after, inRequest, inResponse) => {
    const named = { $ref: '#/components/schemas/Named' };
    const request = await change(withRequest(named), withRequest(named), { Named: before }, { Named: after });
    expect(verdict(request)).toBe(inRequest);
    const response = await change(
      withResponse(named),
      withResponse(named),
      { Named: before },
      { Named: after },
    );
    expect(verdict(response)).toBe(inResponse);
  });
});

/** What the examples call themselves allowed in by. */
const SCHEMES = {
  Key: { type: 'apiKey', in: 'header', name: 'X-Key' },
  OAuth: { type: 'oauth2', flows: {} },
};

const parameter = (name: string, where: string, more: object = {}): object => ({
  name,
  in: where,
  schema: { type: 'string' },
  ...more,
});
const content = (mediaType: string): object => ({ content: { [mediaType]: { schema: { type: 'object' } } } });
const done = { 204: { description: 'done' } };

/** What becomes of an operation when other parts of it change. */
const OPERATIONS: readonly [
  what: string,
  before: object,
  after: object,
  verdict: Verdict,
  difference: string,
][] = [
  [
    'a new optional parameter',
    {},
    { parameters: [parameter('q', 'query')] },
    'compatible',
    'params.q is new',
  ],
  [
    'a new required parameter',
    {},
    { parameters: [parameter('q', 'query', { required: true })] },
    'breaks',
    'params.q is new and required',
  ],
  ['a parameter that is gone', { parameters: [parameter('q', 'query')] }, {}, 'breaks', 'params.q is gone'],
  [
    'a parameter that became required',
    { parameters: [parameter('q', 'query')] },
    { parameters: [parameter('q', 'query', { required: true })] },
    'breaks',
    'params.q is now required',
  ],
  [
    'a parameter of another type',
    { parameters: [parameter('q', 'query')] },
    { parameters: [parameter('q', 'query', { schema: { type: 'number' } })] },
    'breaks',
    'params.q is now number, was string',
  ],
  [
    'a parameter in another style',
    { parameters: [parameter('q', 'query', { schema: { type: 'array' } })] },
    {
      parameters: [
        parameter('q', 'query', { schema: { type: 'array' }, style: 'pipeDelimited', explode: true }),
      ],
    },
    'breaks',
    'params.q style "pipeDelimited" is new',
  ],
  [
    'a new required header',
    {},
    { parameters: [parameter('X-Key', 'header', { required: true })] },
    'breaks',
    'headers.x-key is new and required',
  ],
  ['a new optional body', {}, { requestBody: content('application/json') }, 'compatible', 'is now accepted'],
  [
    'a new required body',
    {},
    { requestBody: { ...content('application/json'), required: true } },
    'breaks',
    'request body is now required',
  ],
  ['a body that is gone', { requestBody: content('application/json') }, {}, 'breaks', 'request body is gone'],
  [
    'a body that became required',
    { requestBody: content('application/json') },
    { requestBody: { ...content('application/json'), required: true } },
    'breaks',
    'request body is now required',
  ],
  [
    'a body of another media type',
    { requestBody: content('application/json') },
    {
      requestBody: {
        content: { ...Object(content('text/plain')).content, ...Object(content('application/json')).content },
      },
    },
    'compatible',
    'request body may now be text/plain',
  ],
  [
    'a media type that is gone',
    { responses: { 200: content('application/json') } },
    { responses: { 200: content('text/plain') } },
    'breaks',
    'response 200 is no longer application/json',
  ],
  [
    'a new status',
    { responses: done },
    { responses: { ...done, 202: { description: 'later' } } },
    'compatible',
    'response 202 is new',
  ],
  [
    'a success that is gone',
    { responses: { ...done, 202: { description: 'later' } } },
    { responses: done },
    'breaks',
    'response 202 is gone',
  ],
  [
    'an error that is gone',
    { responses: { ...done, 404: { description: 'missing' } } },
    { responses: done },
    'compatible',
    'response 404 is gone',
  ],
  [
    'a response header that is gone',
    { responses: { 204: { headers: { 'X-Page': { schema: { type: 'string' } } } } } },
    { responses: done },
    'breaks',
    'response 204 headers.x-page is gone',
  ],
  [
    'a credential that is needed now',
    {},
    { security: [{ Key: [] }] },
    'breaks',
    'security no credential is no longer enough',
  ],
  [
    'one more credential that is accepted',
    { security: [{ Key: [] }] },
    { security: [{ Key: [] }, { OAuth: ['read'] }] },
    'compatible',
    'security OAuth (read) is now enough',
  ],
  [
    'one more scope that is needed',
    { security: [{ OAuth: ['read'] }] },
    { security: [{ OAuth: ['read', 'write'] }] },
    'breaks',
    'security OAuth (read) is no longer enough',
  ],
  [
    'a scope less that is needed',
    { security: [{ OAuth: ['read', 'write'] }] },
    { security: [{ OAuth: ['read'] }] },
    'compatible',
    'security OAuth (read) is now enough',
  ],
];

describe('an operation that changed', () => {
  test.each(OPERATIONS)('%s', async (_, before, after, expected, difference) => {
    const changed = await change(
      { post: { operationId: 'subject', responses: done, ...before } },
      { post: { operationId: 'subject', responses: done, ...after } },
    );
    expect(verdict(changed)).toBe(expected);
    expect(lines(changed).join('\n')).toContain(difference);
  });

  test('another method or path breaks callers', async () => {
    const operation = { operationId: 'subject', responses: done };
    const storage = createInMemoryStorage();
    await importDocument(storage, { text: openApi({ paths: { '/a': { get: operation } } }) });
    const report = await importDocument(storage, {
      text: openApi({ version: '2.0.0', paths: { '/b': { put: operation } } }),
    });
    expect(lines(report.changed[0])).toEqual([
      '! method changed from GET to PUT',
      '! path changed from /a to /b',
    ]);
  });

  test('a change is found behind any number of references, and named after the schema it is in', async () => {
    const schemas = (leaf: unknown): Record<string, unknown> => ({
      Root: object({ next: { $ref: '#/components/schemas/Middle' } }),
      Middle: { type: 'array', items: { $ref: '#/components/schemas/Leaf' } },
      Leaf: object({ up: { $ref: '#/components/schemas/Root' }, value: leaf }),
    });
    const path = withResponse({ $ref: '#/components/schemas/Root' });
    const changed = await change(path, path, schemas(string()), schemas({ type: 'number' }));
    expect(lines(changed)).toEqual(['! response Leaf.value is now number, was string']);
  });

  test('a reference that became nullable is still compared with what it was', async () => {
    const named = { $ref: '#/components/schemas/Named' };
    const before = withResponse(object({ a: named }));
    const after = withResponse(object({ a: { anyOf: [named, { type: 'null' }] } }));
    const schemas = { Named: object({ b: string() }) };
    expect(lines(await change(before, after, schemas, schemas))).toEqual([
      '! response 200.a may now be null',
    ]);
  });
});

function string(): object {
  return { type: 'string' };
}

function object(properties: Record<string, unknown>, required?: string[]): object {
  return { type: 'object', properties, ...(required === undefined ? {} : { required }) };
}

function withRequest(schema: Schema): object {
  const requestBody = { required: true, content: { 'application/json': { schema } } };
  return { post: { operationId: 'subject', requestBody, responses: done } };
}

function withResponse(schema: Schema): object {
  const responses = { 200: { description: 'ok', content: { 'application/json': { schema } } } };
  return { get: { operationId: 'subject', responses } };
}

/** What an import says of the only operation when its path is as `after`, having been as `before`. */
async function change(
  before: object,
  after: object,
  schemasBefore?: Record<string, unknown>,
  schemasAfter?: Record<string, unknown>,
): Promise<ChangedHandler | undefined> {
  const storage = createInMemoryStorage();
  const text = (version: string, path: object, schemas: Record<string, unknown> = {}): string =>
    openApi({
      version,
      paths: { '/subject': path },
      components: { schemas, securitySchemes: SCHEMES },
    });
  await importDocument(storage, { text: text('1.0.0', before, schemasBefore) });
  const report = await importDocument(storage, { text: text('2.0.0', after, schemasAfter) });
  const graph = await storage.getVersionGraph('subject');
  const [changed] = report.changed;
  expect(graph?.versions.map(({ breaking }) => breaking)).toEqual(
    changed === undefined ? [false] : [false, changed.breaking],
  );
  return changed;
}

function verdict(changed: ChangedHandler | undefined): Verdict {
  if (changed === undefined) return 'unchanged';
  return changed.verdict === 'breaking' ? 'breaks' : changed.verdict;
}

function lines(changed: ChangedHandler | undefined): string[] {
  return (changed?.differences ?? []).map(
    ({ where, what, breaking }) => `${breaking ? '! ' : ''}${where} ${what}`,
  );
}
