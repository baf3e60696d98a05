import { importDocument } from '@gati-framework/api-import';
import { createInMemoryStorage, StorageError } from '@gati-framework/manifest-store';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contents } from './support/documents.js';

/** A document with something of everything. */
const DOCUMENT = {
  openapi: '3.1.0',
  info: { title: 'A', version: '1.0.0' },
  security: [{ Key: ['read'] }],
  paths: {
    '/a/{id}': {
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
      post: {
        operationId: 'x',
        parameters: [
          { $ref: '#/components/parameters/Page' },
          { name: 'f', in: 'query', content: { 'application/json': { schema: { type: 'object' } } } },
        ],
        requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Node' } } } },
        responses: { 200: { $ref: '#/components/responses/Ok' }, default: { description: 'error' } },
      },
    },
  },
  components: {
    securitySchemes: { Key: { type: 'apiKey', in: 'query', name: 'key' } },
    parameters: { Page: { name: 'page', in: 'header', schema: { type: 'integer', minimum: 1 } } },
    responses: {
      Ok: {
        description: 'ok',
        headers: { 'X-Next': { schema: { type: 'string', format: 'uri' } } },
        content: { 'text/plain': { schema: { anyOf: [{ type: 'string', pattern: '^a' }, { const: 1 }] } } },
      },
    },
    schemas: {
      Node: {
        type: 'object',
        required: ['name'],
        properties: {
          name: { type: ['string', 'null'], enum: ['a', null], maxLength: 3 },
          next: { $ref: '#/components/schemas/Node', description: 'The next.' },
          more: {
            type: 'array',
            items: { oneOf: [{ $ref: '#/components/schemas/Map' }, true] },
            minItems: 1,
          },
        },
        allOf: [{ not: { required: ['b'] } }],
      },
      Map: {
        type: 'object',
        additionalProperties: { type: 'number' },
        patternProperties: { '^x': { type: 'boolean' } },
        discriminator: { propertyName: 'kind' },
      },
    },
  },
};

/** Every place in a value, as the names that lead to it. */
function places(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [[...path]];
  return [[...path], ...Object.entries(value).flatMap(([name, inner]) => places(inner, [...path, name]))];
}

/** A copy of `value` with something else at a place; `undefined` takes it away. */
function replaceAt(value: unknown, path: readonly string[], by: unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return by;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string, unknown>;
  const inner = replaceAt(copy[name], rest, by);
  if (inner === undefined) delete copy[name];
  else copy[name] = inner;
  return copy;
}

const anyPlace = fc.constantFrom(...places(DOCUMENT));
const anything = fc.oneof(
  fc.constantFrom(undefined, null, true, false, 0, -1, 1.5, '', 'x', [], {}, [null], [{}], {
    $ref: '#/info',
  }),
  fc
    .constantFrom(...places(DOCUMENT))
    .map((path) => ({ $ref: `#/${path.join('/').replaceAll('/a/{id}', '~1a~1{id}')}` })),
  fc
    .constantFrom(...places(DOCUMENT))
    .map((path) => path.reduce<unknown>((part, name) => Object(part)[name], DOCUMENT)),
  fc.jsonValue(),
);

describe('a document with a part replaced by something else', () => {
  test('is imported or refused with its place, and never anything in between', async () => {
    const damage = fc.array(fc.tuple(anyPlace, anything), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(damage, async (damages) => {
        const storage = createInMemoryStorage();
        await importDocument(storage, { text: JSON.stringify(DOCUMENT) });
        const before = await contents(storage);
        const damaged = damages.reduce<unknown>((document, [path, by]) => {
          const reachable = path.slice(0, -1).reduce<unknown>((part, name) => Object(part)[name], document);
          return typeof reachable === 'object' && reachable !== null
            ? replaceAt(document, path, by)
            : document;
        }, DOCUMENT);
        const text = JSON.stringify(damaged) ?? '';
        try {
          await importDocument(storage, { text }, { versionName: '2.0.0' });
          const again = await importDocument(storage, { text }, { versionName: '2.0.0' });
          expect(again.revision).toBeNull();
        } catch (error) {
          expect(error).toBeInstanceOf(StorageError);
          expect(error).toMatchObject({ code: 'INVALID_DOCUMENT', path: expect.any(String) });
          expect(await contents(storage)).toEqual(before);
        }
      }),
      { numRuns: 500 },
    );
  });
});
