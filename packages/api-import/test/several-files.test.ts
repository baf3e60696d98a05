import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type ImportReport, importDocument } from '@gati-framework/api-import';
import { createInMemoryStorage, type Storage, StorageError } from '@gati-framework/manifest-store';
import { beforeEach, describe, expect, test } from 'vitest';
import { ok, openApi, reading, temporaryFolder } from './support/documents.js';

let folder: string;

beforeEach(async () => {
  folder = join(await temporaryFolder(), 'api');
  await mkdir(folder);
});

async function write(files: Readonly<Record<string, unknown>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  }
}

function importFile(
  storage: Storage = createInMemoryStorage(),
  name = 'openapi.json',
): Promise<ImportReport> {
  return importDocument(storage, { file: join(folder, name) });
}

async function refusal(files: Readonly<Record<string, unknown>>): Promise<StorageError> {
  await write(files);
  const storage = createInMemoryStorage();
  const error: unknown = await importFile(storage).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(StorageError);
  expect((await storage.stats()).revision).toBe(0);
  return error as StorageError;
}

const named = (type: string): object => ({ type: 'object', properties: { name: { type } } });

describe('a document that refers to files below its folder', () => {
  test('is read with them, in YAML and JSON, each relative to the file that refers to it', async () => {
    await write({
      'openapi.json': reading({ $ref: './models/user.yaml' }),
      'models/user.yaml':
        "type: object\nproperties: { address: { $ref: '../common.json#/$defs/Address' } }\n",
      'common.json': {
        $defs: { Address: { type: 'object', properties: { city: { $ref: '#/City' } } } },
        City: { type: 'string' },
      },
    });
    const storage = createInMemoryStorage();
    await importFile(storage);
    expect(await storage.getGType('models/user.yaml')).toMatchObject({
      kind: 'object',
      properties: { address: { type: { ref: 'common.json/$defs/Address' } } },
    });
  });

  test('may have any part of an operation there', async () => {
    const schema = { $ref: 'schema.yaml' };
    await write({
      'openapi.json': openApi({
        paths: { '/things/{id}': { $ref: 'parts/path.json' } },
        components: { securitySchemes: { Key: { $ref: 'parts/key.json' } } },
      }),
      'parts/path.json': {
        parameters: [{ $ref: 'parameter.json' }],
        post: {
          operationId: 'post',
          security: [{ Key: [] }],
          requestBody: { $ref: 'body.json' },
          responses: { 200: { $ref: 'response.json' } },
        },
      },
      'parts/key.json': { type: 'apiKey', in: 'header', name: 'X-Key' },
      'parts/parameter.json': { name: 'id', in: 'path', required: true, schema },
      'parts/body.json': { content: { 'application/json': { $ref: 'media.json' } } },
      'parts/media.json': { schema, examples: { one: { $ref: 'example.json' } } },
      'parts/example.json': { value: 'one' },
      'parts/response.json': {
        description: 'ok',
        headers: { ETag: { $ref: 'header.json' } },
        content: { 'application/json': { schema } },
      },
      'parts/header.json': { schema },
      'parts/schema.yaml': 'type: string\n',
    });
    const storage = createInMemoryStorage();
    expect(await importFile(storage)).toMatchObject({ added: [{ handlerId: 'post', path: '/things/:id' }] });
    expect(await storage.getGType('parts/schema.yaml')).toMatchObject({ primitiveType: 'string' });
  });

  test('has one type for a component, from wherever and however it is referred to', async () => {
    await write({
      'openapi.json': openApi({
        paths: {
          '/a': {
            get: { operationId: 'a', responses: ok({ $ref: 'common.json#/components/schemas/User' }) },
          },
          '/b': { get: { operationId: 'b', responses: ok({ $ref: './x/../b.json#/Answer' }) } },
        },
      }),
      'b.json': { Answer: { $ref: './common%2Ejson#/components/schemas/User' } },
      'common.json': { components: { schemas: { User: named('string') } } },
      'x/unused.json': {},
    });
    const { types } = await importFile();
    expect(types.added.filter((ref) => ref.includes('User'))).toEqual(['common.json/User']);
  });

  test('calls a schema of another file as its components do', async () => {
    await write({
      'openapi.json': reading({ $ref: 'user.json' }, { User: { $ref: 'user.json' } }),
      'user.json': {
        type: 'object',
        properties: { friend: { $ref: 'openapi.json#/components/schemas/User' } },
      },
    });
    const storage = createInMemoryStorage();
    const { types } = await importFile(storage);
    expect(types.added).toEqual(['User', '#none', 'read#response']);
    expect(await storage.getGType('User')).toMatchObject({
      properties: { friend: { type: { ref: 'User', kind: 'object' } } },
    });
  });

  test('may go in circles over files', async () => {
    await write({
      'openapi.json': reading({ $ref: 'a.json' }),
      'a.json': { type: 'object', properties: { b: { $ref: 'b.json' }, self: { $ref: '#' } } },
      'b.json': { type: 'object', properties: { a: { $ref: 'a.json' } } },
    });
    expect((await importFile()).types.added).toEqual(expect.arrayContaining(['a.json', 'b.json']));
  });

  test('has the subtypes that a discriminator names in another file', async () => {
    const document = (type: string): Record<string, unknown> => ({
      'openapi.json': reading(
        { $ref: 'pets.json#/components/schemas/Pet' },
        undefined,
        type === 'string' ? '1.0.0' : '2.0.0',
      ),
      'pets.json': {
        components: {
          schemas: {
            Pet: { type: 'object', discriminator: { propertyName: 'kind', mapping: { cat: 'cat.json' } } },
            Dog: { allOf: [{ $ref: '#/components/schemas/Pet' }, { properties: { bark: { type } } }] },
          },
        },
      },
      'cat.json': {
        allOf: [{ $ref: 'pets.json#/components/schemas/Pet' }, { properties: { purr: { type } } }],
      },
    });
    const storage = createInMemoryStorage();
    await write(document('string'));
    await importFile(storage);
    await write(document('number'));
    const { changed } = await importFile(storage);
    const found = changed.flatMap(({ differences }) =>
      differences.map(({ where, what }) => `${where} ${what}`),
    );
    expect(found.join('\n')).toContain('bark');
    expect(found.join('\n')).toContain('purr');
  });

  test('is known again only while the files say the same', async () => {
    await write({ 'openapi.json': reading({ $ref: 'user.json' }), 'user.json': named('string') });
    const storage = createInMemoryStorage();
    await importFile(storage);
    expect(await importFile(storage)).toMatchObject({ revision: null, unchanged: ['read'] });
    await write({
      'openapi.json': reading({ $ref: 'user.json' }, undefined, '2.0.0'),
      'user.json': named('number'),
    });
    expect(await importFile(storage)).toMatchObject({ changed: [{ handlerId: 'read', breaking: true }] });
  });

  test('follows a symbolic link that stays in the folder, and knows the file behind it', async () => {
    await write({
      'openapi.json': reading({ anyOf: [{ $ref: 'link.json' }, { $ref: 'user.json' }] }),
      'user.json': named('string'),
    });
    await symlink('user.json', join(folder, 'link.json'));
    expect((await importFile()).types.added).not.toContain('link.json');
  });

  test('counts what cannot be expressed with the file that it stands in', async () => {
    await write({
      'openapi.json': reading({ $ref: 'a.json' }),
      'a.json': { type: 'string', format: 'uuid' },
    });
    const { inexpressible } = await importFile();
    expect(inexpressible.find(({ keyword }) => keyword === 'format')).toMatchObject({
      first: './a.json#format',
    });
  });
});

describe('a reference that leads elsewhere', () => {
  const at = 'paths./things.get.responses.200.content.application/json.schema.$ref';

  test.each([
    ['an address', 'https://example.org/user.json', 'is an address'],
    ['an address without a scheme', '//example.org/user.json', 'is an address'],
    ['a file by address', 'file:///etc/hosts', 'is an address'],
    ['an absolute path', '/etc/hosts', 'leads out of the folder'],
    ['a path above the folder', '../secret.json', 'leads out of the folder'],
    ['a path above the folder in escapes', '%2E%2E%2Fsecret.json#/a', 'leads out of the folder'],
    ['a path that comes back', '../api/user.json', 'leads out of the folder'],
    ['a link out of the folder', 'link.json', 'leads out of the folder'],
    ['a file in a linked folder', 'elsewhere/secret.json', 'leads out of the folder'],
  ])('is refused with a word on bundling: %s', async (_, reference, problem) => {
    await writeFile(join(folder, '../secret.json'), '{"type": "string"}');
    await symlink('../secret.json', join(folder, 'link.json'));
    await symlink('..', join(folder, 'elsewhere'));
    const error = await refusal({ 'openapi.json': reading({ $ref: reference }), 'user.json': {} });
    expect(error).toMatchObject({ code: 'INVALID_DOCUMENT', path: at });
    expect(error.message).toContain(problem);
    expect(error.message).toContain('bundle the documents');
  });

  test.each([
    ['a file that is missing', { $ref: 'none.json' }, at, 'there is no such file'],
    ['a folder', { $ref: 'models' }, at, 'it is not a file'],
    ['a path with a backslash', { $ref: 'models\\a.json' }, at, 'is not the path of a file'],
    [
      'a pointer that leads nowhere',
      { $ref: 'models/a.json#/b' },
      at,
      './models/a.json#b, which is not there',
    ],
    ['an anchor', { $ref: 'models/a.json#b' }, at, 'is not a path in ./models/a.json'],
    [
      'a file that is no schema',
      { $ref: 'models/list.json' },
      at,
      'refers to a list where a schema is needed',
    ],
    [
      'a broken schema',
      { $ref: 'models/a.json' },
      './models/a.json#type',
      'in ./models/a.json at type: "file" is not a type',
    ],
    [
      'text that cannot be parsed',
      { $ref: 'models/bad.yaml' },
      './models/bad.yaml#2:',
      'in ./models/bad.yaml at 2:',
    ],
    [
      'a file of nothing but references in a circle',
      { $ref: 'models/c.json' },
      './models/',
      'refers to itself',
    ],
    [
      'a bad reference in another file',
      { $ref: 'models/out.json' },
      './models/out.json#items.$ref',
      'leads out',
    ],
  ])('is refused with the file and the place in it: %s', async (_, schema, path, problem) => {
    const error = await refusal({
      'openapi.json': reading(schema),
      'models/a.json': { type: 'file' },
      'models/list.json': [],
      'models/bad.yaml': 'type: object\n\tx: 1\n',
      'models/c.json': { $ref: 'd.json' },
      'models/d.json': { $ref: 'c.json' },
      'models/out.json': { type: 'array', items: { $ref: '../../x.json' } },
    });
    expect(error.code).toBe('INVALID_DOCUMENT');
    expect(error.path).toContain(path);
    expect(error.message).toContain(problem);
    expect(error.details).toMatchObject({ file: join(folder, 'openapi.json') });
  });

  test('is refused in text that is in no folder, and read where one is named', async () => {
    await write({ 'user.json': named('string') });
    const text = reading({ $ref: './user.json' });
    const storage = createInMemoryStorage();
    await expect(importDocument(storage, { text })).rejects.toMatchObject({
      code: 'INVALID_DOCUMENT',
      message: expect.stringContaining('is not in a folder'),
    });
    expect((await importDocument(storage, { text, folder })).types.added).toContain('user.json');
  });
});

describe('the bounds of a document', () => {
  test('hold for all of its files together', async () => {
    const padding = ' '.repeat(12 * 1024 * 1024);
    const parts = ['a.json', 'b.json', 'c.json'];
    const error = await refusal({
      'openapi.json': reading({ anyOf: parts.map(($ref) => ({ $ref })) }),
      ...Object.fromEntries(parts.map((part) => [part, `{"type": "string"}${padding}`])),
    });
    expect(error.message).toContain('larger than 32 MiB');
  });

  test('hold for the depth of each file', async () => {
    const deep = `${'{"x":'.repeat(250)}1${'}'.repeat(250)}`;
    const error = await refusal({ 'openapi.json': reading({ $ref: 'deep.json' }), 'deep.json': deep });
    expect(error.path).toContain('./deep.json#x.x');
    expect(error.message).toContain('levels deep');
  });

  test('allow a long chain of files', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 400 }, (_, i) => [
        `${i}.json`,
        { type: 'object', properties: { next: { $ref: `${i + 1}.json` } } },
      ]),
    );
    await write({ 'openapi.json': reading({ $ref: '0.json' }), ...files, '400.json': { type: 'string' } });
    expect((await importFile()).types.added).toContain('400.json');
  });
});
