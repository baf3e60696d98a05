import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importDocument } from '@gati-framework/api-import';
import { createInMemoryStorage, StorageError } from '@gati-framework/manifest-store';
import { afterEach, describe, expect, test } from 'vitest';
import { ok, openApi, reading, refusalOf, temporaryFolder } from './support/documents.js';

const INHERITED = Object.getOwnPropertyNames(Object.prototype);

afterEach(() => {
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(INHERITED);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

const head = 'openapi: 3.1.0\ninfo: {title: A, version: "1"}\n';

const DOCUMENTS: readonly [what: string, text: string, place: string, message: string][] = [
  ['an empty file', '', 'api.yaml', 'is empty'],
  ['a file of comments', '# to do\n', 'api.yaml', 'is empty'],
  ['a file of something else', 'hello: world', 'api.yaml', 'neither an OpenAPI document'],
  ['a list', '[]', 'api.yaml', 'neither an OpenAPI document'],
  ['Swagger 2', 'swagger: "2.0"\ninfo: {title: A, version: "1"}\n', 'swagger', 'Convert it first'],
  ['OpenAPI 4', openApi({ openapi: '4.0.0' }), 'openapi', '"4.0.0"; 3.0 and 3.1 can be imported'],
  ['a version that YAML reads as a number', 'openapi: 3.1\n', 'openapi', 'openapi: "3.1.0"'],
  [
    'a document version that YAML reads as a number',
    'openapi: 3.1.0\ninfo: {title: A, version: 1.0}\npaths: {}\n',
    'info.version',
    'Put it in quotes',
  ],
  ['no info', 'openapi: 3.1.0\npaths: {}\n', 'info', 'info is missing'],
  ['no paths', head, 'paths', 'paths is missing'],
  ['a file that ends in a string', `${head}paths:\n  /a: "tex`, '4:11', 'get the whole file'],
  ['JSON that ends early', openApi({}).slice(0, -3), '1:74', 'get the whole file'],
  ['a file that ends at a key', `${head}paths:\n  /a:\n    get:\n`, 'paths./a.get', 'an operation is empty'],
  ['a file that ends at paths', `${head}paths:`, 'paths', 'paths is empty'],
  [
    'a file that ends before its components',
    `${head}paths:\n  /a:\n    get:\n      responses:\n        "200": {$ref: "#/components/responses/A"}\n`,
    'paths./a.get.responses.200.$ref',
    'refers to components, which is not there',
  ],
  [
    'a file that ends in a word',
    `${head}paths: {}\ncomponents:\n  schemas:\n    A:\n      type: stri`,
    'components.schemas.A.type',
    '"stri" is not a type',
  ],
  ['two documents', `${head}paths: {}\n---\n${head}paths: {}\n`, 'api.yaml', 'several YAML documents'],
  ['a tab', 'openapi:\n\t3.1.0', '2:1', 'Tabs are not allowed'],
  ['a name given twice, in YAML', `${head}paths: {}\npaths: {}\n`, '4:1', '"paths" appears twice'],
  [
    'a status given twice',
    `${head}paths: {/a: {get: {responses: {200: {}, "200": {}}}}}`,
    '3:41',
    '"200" appears twice',
  ],
  [
    'a name given twice, in JSON',
    '{"openapi": "3.1.0",\n "a": {"b": 1, "b": 2}}',
    '2:16',
    '"b" appears twice',
  ],
  ['a list as a name', `${head}paths: {? [a] : 1}`, '3:11', 'a property name must be text'],
  ['an alias without an anchor', `${head}paths: *nowhere`, '3:8', 'no anchor "nowhere"'],
  ['an anchor that contains itself', `${head}paths: &a {/a: *a}`, '', 'contains itself'],
  ['a bomb of aliases', yamlBomb(), 'api.yaml', 'expand without bound'],
  ['a flood of aliases', `a: &a 1\nb: [${'*a, '.repeat(20_000)}]`, '2:', 'anchors and aliases'],
  ['YAML nested too deeply', '['.repeat(100_000), '1:', 'nested more than 200 levels'],
  ['JSON nested too deeply', `${'['.repeat(5000)}${']'.repeat(5000)}`, '[0]', 'nested more than 200 levels'],
  [
    'schemas nested too deeply',
    reading(nested(60)),
    'paths./things.get.responses.200.content.application/json.schema',
    'under components.schemas',
  ],
  [
    'a dangerous name, in JSON',
    openApi({ schemas: { A: { type: 'object', properties: JSON.parse('{"__proto__": {"polluted": 1}}') } } }),
    'components.schemas.A.properties.__proto__',
    'Rename it',
  ],
  [
    'a dangerous name, in YAML',
    `${head}paths: {}\ncomponents: {schemas: {__proto__: {polluted: 1}}}`,
    'components.schemas.__proto__',
    'Rename it',
  ],
  [
    'a dangerous name that is merged in',
    `${head}x: &x {__proto__: {polluted: 1}}\npaths: {<<: *x}`,
    'x.__proto__',
    'Rename it',
  ],
  [
    'a reference to another file',
    reading({ $ref: 'common.yaml#/User' }),
    'paths./things.get.responses.200.content.application/json.schema.$ref',
    'bundle the documents',
  ],
  ['a reference by anchor', reading({ $ref: '#user' }), '.schema.$ref', 'Anchors cannot be followed'],
  [
    'a reference with a broken escape',
    reading({ $ref: '#/%zz' }),
    '.schema.$ref',
    'malformed percent escape',
  ],
  [
    'a reference to what is no schema',
    reading({ $ref: '#/info/title' }),
    '.schema.$ref',
    'refers to a string where a schema is needed',
  ],
  [
    'a schema that is only itself',
    openApi({ schemas: { A: { $ref: '#/components/schemas/B' }, B: { $ref: '#/components/schemas/A' } } }),
    'components.schemas.',
    'refers to itself',
  ],
  [
    'a broken component that nothing uses',
    openApi({
      components: { responses: { A: { content: { 'text/plain': { schema: { type: 'file' } } } } } },
    }),
    'components.responses.A.content.text/plain.schema.type',
    '"file" is not a type',
  ],
  ['required as a flag', reading({ type: 'object', required: true }), '.schema.required', 'must be a list'],
  [
    'a reference to a response where a schema belongs',
    openApi({
      paths: { '/a': { get: { responses: ok({ $ref: '#/components/responses/R' }) } } },
      components: { responses: { R: { description: 'no schema' } } },
    }),
    '.schema.$ref',
    'one of the responses where a schema is needed',
  ],
  [
    'an operation that is a reference to another file',
    openApi({ paths: { '/a': { get: { $ref: 'a.yaml' } } } }),
    'paths./a.get.$ref',
    'bundle the documents',
  ],
  [
    'a media type that is a reference to nothing',
    operation({ responses: { 200: { description: '', content: { 'a/b': { $ref: '#/x' } } } } }),
    'content.a/b.$ref',
    'which is not there',
  ],
  [
    'an example that is a reference to another file',
    operation({
      responses: {
        200: { description: '', content: { 'a/b': { examples: { one: { $ref: 'one.json' } } } } },
      },
    }),
    'examples.one.$ref',
    'bundle the documents',
  ],
  [
    'a security scheme that is a reference to another file',
    openApi({ components: { securitySchemes: { Key: { $ref: 'key.yaml' } } } }),
    'components.securitySchemes.Key.$ref',
    'bundle the documents',
  ],
  [
    'a security scheme that is not defined',
    operation({ security: [{ Key: [] }], responses: ok({}) }),
    'paths./a.get.security[0].Key',
    'there is no security scheme "Key"',
  ],
  [
    'two paths that differ in the names of parameters only',
    openApi({
      paths: { '/a/{b}': { get: { responses: ok({}) } }, '/a/{c}': { get: { responses: ok({}) } } },
    }),
    'paths./a/{c}.get',
    'requests for paths./a/{b}.get, too',
  ],
  ['a name that is null', `${head}paths: {}\nnull: 1\n`, '4:1', 'Put it in quotes'],
  ['a part that is included', `${head}paths: !include paths.yaml\n`, '3:8', 'YAML itself cannot include'],
  [
    'a quoted text that is not indented',
    `${head}paths:\n  /a:\n    description: "first\nsecond"\n`,
    '6:1',
    'not indented far enough',
  ],
  ['comments in JSON', '{\n  // why\n  "openapi": "3.1.0" /* now */\n}', '2:3', 'which JSON does not have'],
  ['a comment before JSON', '// why\n{"openapi": "3.1.0"}', '1:1', 'which JSON does not have'],
  ['OpenAPI 3.2', openApi({ openapi: '3.2.0' }), 'openapi', 'let it say openapi: "3.1.1"'],
  [
    'a document of webhooks only',
    openApi({ webhooks: { done: { post: { responses: ok({}) } } } }),
    'webhooks',
    'webhooks only',
  ],
  ['an unknown status', operation({ responses: { OK: {} } }), 'paths./a.get.responses.OK', 'is not a status'],
  [
    'a parameter nowhere',
    operation({ parameters: [{ name: 'a' }], responses: ok({}) }),
    'paths./a.get.parameters[0].in',
    'path, query, header, cookie',
  ],
  [
    'a parameter twice',
    operation({ parameters: [query('a'), query('a')], responses: ok({}) }),
    'paths./a.get.parameters[1]',
    'defined twice',
  ],
  [
    'an operationId twice',
    openApi({
      paths: {
        '/a': { get: { operationId: 'x', responses: ok({}) } },
        '/b': { get: { operationId: 'x', responses: ok({}) } },
      },
    }),
    'paths./b.get',
    'also at paths./a.get',
  ],
  ['a relative path', openApi({ paths: { a: {} } }), 'paths.a', 'must begin with "/"'],
  ['a path with a brace left open', openApi({ paths: { '/{a': {} } }), 'paths./{a', 'do not match'],
  [
    'an id that is too long for a key',
    operation({ operationId: 'x'.repeat(600), responses: ok({}) }),
    'paths./a.get',
    '512 UTF-8 bytes',
  ],
  ['an id with a NUL character', operation({ operationId: 'x\0', responses: ok({}) }), 'paths./a.get', 'NUL'],
  [
    'an empty version',
    openApi({ version: '', paths: { '/a': { get: { responses: ok({}) } } } }),
    'info.version',
    'empty',
  ],
  [
    'a limit that is no number',
    reading({ type: 'string', minLength: '1' }),
    '.schema.minLength',
    'non-negative integer',
  ],
];

describe('a document that cannot be imported', () => {
  test.each(DOCUMENTS)('%s is refused with the place and a remedy', async (_, text, place, message) => {
    const storage = createInMemoryStorage();
    await importDocument(storage, { text: reading({ type: 'string' }) });
    const error = await refusalOf(text, storage);
    expect(error.code).toBe('INVALID_DOCUMENT');
    expect(error.path).toContain(place);
    expect(error.message).toContain(message);
    expect(error.message).toMatch(/^api\.yaml/);
    expect(error.message).toMatch(/Nothing was stored\.$/);
  });

  test('a real document is refused wherever it was cut, or is complete without the rest', async () => {
    const file = new URL('../../../node_modules/figma-api-old/openapi/openapi.yaml', import.meta.url);
    const text = await readFile(fileURLToPath(file), 'utf8');
    // After the operations and before the last schema, something always refers to what is missing.
    for (const share of [0.0001, 0.01, 0.1, 0.25, 0.4, 0.55, 0.7, 0.85]) {
      const error = await refusalOf(text.slice(0, Math.round(text.length * share)));
      expect(error).toMatchObject({ code: 'INVALID_DOCUMENT' });
    }
  });

  test('a file that is missing, a folder, and a file that is not text are refused by name', async () => {
    const folder = await temporaryFolder();
    const storage = createInMemoryStorage();
    const binary = join(folder, 'binary.yaml');
    await writeFile(binary, new Uint8Array([0xff, 0xfe, 0x00, 0xd8]));
    for (const [file, message] of [
      [join(folder, 'missing.yaml'), 'no such file'],
      [folder, 'a folder'],
      [binary, 'not UTF-8'],
    ] as const) {
      const error: unknown = await importDocument(storage, { file }).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(StorageError);
      expect(error).toMatchObject({ code: 'INVALID_DOCUMENT', message: expect.stringContaining(message) });
      expect((error as StorageError).message).toContain(file);
    }
  });

  test('a document that is too large is refused before it is read', async () => {
    const file = join(await temporaryFolder(), 'large.json');
    await writeFile(file, Buffer.alloc(33 * 1024 * 1024, ' '));
    await expect(importDocument(createInMemoryStorage(), { file })).rejects.toMatchObject({
      code: 'INVALID_DOCUMENT',
      message: expect.stringContaining('larger than 32 MiB'),
    });
  });

  test('a type that no store can hold is refused with what is wrong with it', async () => {
    const storage = createInMemoryStorage({ maxRecordBytes: 2000 });
    const properties = Object.fromEntries(
      Array.from({ length: 100 }, (_, i) => [`p${i}`, { type: 'string' }]),
    );
    const error = await refusalOf(openApi({ schemas: { Large: { type: 'object', properties } } }), storage);
    expect(error).toMatchObject({
      code: 'INVALID_DOCUMENT',
      message: expect.stringContaining('larger than 2000'),
    });
  });

  test('a string of twenty million characters is read', async () => {
    const text = openApi({ 'x-long': 'a\\"'.repeat(5_000_000) });
    expect((await importDocument(createInMemoryStorage(), { text })).revision).toBeNull();
  });
});

function yamlBomb(): string {
  const lines = [`a0: &a0 [${'x, '.repeat(9)}]`];
  for (let i = 1; i < 12; i++) lines.push(`a${i}: &a${i} [${`*a${i - 1}, `.repeat(9)}]`);
  return lines.join('\n');
}

function nested(depth: number): unknown {
  let schema: unknown = { type: 'string' };
  for (let i = 0; i < depth; i++) schema = { type: 'object', properties: { a: schema } };
  return schema;
}

function operation(fields: object): string {
  return openApi({ paths: { '/a': { get: fields } } });
}

function query(name: string): object {
  return { name, in: 'query', schema: { type: 'string' } };
}
