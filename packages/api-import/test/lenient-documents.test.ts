import { importDocument } from '@gati-framework/api-import';
import { createInMemoryStorage } from '@gati-framework/manifest-store';
import { describe, expect, test } from 'vitest';
import { gtypeOf, ok, openApi, reading } from './support/documents.js';

/** The findings of a document, by keyword. */
async function findingsOf(text: string): Promise<Record<string, unknown>> {
  const report = await importDocument(createInMemoryStorage(), { text });
  return Object.fromEntries(report.inexpressible.map(({ keyword, effect }) => [keyword, effect]));
}

describe('a document with what its author cannot have meant', () => {
  test.each(['oneOf', 'anyOf', 'allOf', 'enum'])(
    'is imported with a finding: an empty %s',
    async (keyword) => {
      const text = reading({ type: 'string', [keyword]: [] });
      expect(await findingsOf(text)).toMatchObject({ [`${keyword} (empty)`]: 'interpreted' });
      expect(await gtypeOf({ type: 'string', [keyword]: [] })).toEqual(await gtypeOf({ type: 'string' }));
    },
  );

  test('is imported with a finding: no responses, where OpenAPI 3.0 wants some', async () => {
    for (const more of [{}, { responses: {} }]) {
      const paths = { '/a': { get: { operationId: 'a', ...more } } };
      const storage = createInMemoryStorage();
      const older = openApi({ openapi: '3.0.3', paths });
      expect(await findingsOf(older)).toMatchObject({ 'operation.responses (none)': 'interpreted' });
      await importDocument(storage, { text: openApi({ paths }) });
      expect((await storage.getManifest('a'))?.gtypes.response).toBe('#any');
    }
  });

  test.each([
    ['text', [0, true, 'a'], ['0', 'true', 'a']],
    ['integers', ['1', 2], [1, 2]],
    ['booleans', ['true', false], [true, false]],
  ])('reads listed values as the %s that they are declared to be', async (what, values, expected) => {
    const type = { text: 'string', integers: 'integer', booleans: 'boolean' }[what];
    const schema = { type, enum: values };
    expect((await gtypeOf(schema)).validators).toContainEqual({ type: 'enum', value: expected });
    expect(await findingsOf(reading(schema))).toMatchObject({
      'enum (value of another type)': 'interpreted',
    });
  });

  test('has no finding for a null among the values of a schema that is nullable', async () => {
    const text = openApi({
      openapi: '3.0.3',
      schemas: { A: { type: 'string', nullable: true, enum: ['a', null] } },
    });
    expect(await findingsOf(text)).toEqual({});
  });
});

describe('a name with nothing behind it', () => {
  test('is as good as no name: descriptions, parameters, properties, headers and components', async () => {
    const text = [
      'openapi: 3.0.3',
      'info: {title: A, version: "1"}',
      'paths:',
      '  /none:',
      '  /a:',
      '    parameters:',
      '    get:',
      '      operationId: a',
      '      description:',
      '      parameters:',
      '      requestBody:',
      '      responses:',
      '        2xx:',
      '          description:',
      '          headers:',
      '          content:',
      '            application/json:',
      '              schema: {type: object, description: , properties: , required: }',
      'components:',
      '  parameters:',
      '  schemas:',
    ];
    const storage = createInMemoryStorage();
    const report = await importDocument(storage, { text: text.join('\n') });
    expect(report.operations).toBe(1);
    expect((await storage.getGType('a#response'))?.types).toMatchObject([
      { types: [{ kind: 'object', properties: {} }], validators: [{ value: { value: '2XX' } }, {}] },
    ]);
  });
});

describe('a reference in place of a part', () => {
  const shared = { operationId: 'shared', responses: ok({ type: 'string' }) };

  test('is followed where an operation or a media type stands', async () => {
    const text = openApi({
      paths: { '/a': { get: { $ref: '#/x-operation' } } },
      'x-operation': {
        operationId: 'a',
        responses: { 200: { description: '', content: { 'text/plain': { $ref: '#/x-media' } } } },
      },
      'x-media': { schema: { type: 'number' } },
    });
    const storage = createInMemoryStorage();
    await importDocument(storage, { text });
    expect((await storage.getGType('a#response'))?.types).toMatchObject([
      { types: [{ primitiveType: 'number' }] },
    ]);
  });

  test('keeps the operations beside it, which take the place of those that it leads to', async () => {
    const text = openApi({
      paths: {
        '/a': { $ref: '#/x-path', put: { operationId: 'own', responses: ok({}) } },
      },
      'x-path': { get: shared, put: { operationId: 'replaced', responses: ok({}) } },
    });
    const report = await importDocument(createInMemoryStorage(), { text });
    expect(report.added.map(({ handlerId, path }) => `${handlerId} ${path}`)).toEqual([
      'own /a',
      'shared /a',
    ]);
  });
});
