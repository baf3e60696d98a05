import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ImportOptions, importDocument } from '@gati-framework/api-import';
import {
  createInMemoryStorage,
  type GType,
  type Storage,
  StorageError,
} from '@gati-framework/manifest-store';
import { onTestFinished } from 'vitest';

export interface TestDocument {
  version?: string;
  openapi?: string;
  paths?: Record<string, unknown>;
  schemas?: Record<string, unknown>;
  [field: string]: unknown;
}

/** The JSON text of an OpenAPI document. */
export function openApi({
  version = '1.0.0',
  openapi = '3.1.0',
  paths = {},
  schemas,
  ...rest
}: TestDocument): string {
  return JSON.stringify({
    openapi,
    info: { title: 'Test API', version },
    paths,
    ...(schemas === undefined ? {} : { components: { schemas } }),
    ...rest,
  });
}

/** A response that is a JSON body of this schema. */
export function ok(schema: unknown): Record<string, unknown> {
  return { 200: { description: 'ok', content: { 'application/json': { schema } } } };
}

/** A GET operation called `read` at `/things` that answers with this schema. */
export function reading(schema: unknown, schemas?: Record<string, unknown>, version?: string): string {
  return openApi({
    paths: { '/things': { get: { operationId: 'read', responses: ok(schema) } } },
    ...(schemas === undefined ? {} : { schemas }),
    ...(version === undefined ? {} : { version }),
  });
}

/** Two operations on users, whose names are of this type. */
export function users(type: string, version: string): string {
  return openApi({
    version,
    paths: {
      '/users/{id}': {
        get: { operationId: 'users.get', responses: ok({ $ref: '#/components/schemas/User' }) },
        delete: { operationId: 'users.delete', responses: { 204: { description: 'Done.' } } },
      },
    },
    schemas: {
      User: {
        type: 'object',
        required: ['name'],
        properties: {
          name: { type, minLength: 1 },
          friends: { type: 'array', items: { $ref: '#/components/schemas/User' } },
        },
      },
    },
  });
}

/** The GType that an import makes of a schema. */
export async function gtypeOf(schema: unknown, openapi = '3.1.0'): Promise<GType> {
  const storage = createInMemoryStorage();
  await importDocument(storage, { text: openApi({ openapi, schemas: { Subject: schema } }) });
  return (await storage.getGType('Subject')) as GType;
}

/** The refusal of a document, after checking that the store did not change. */
export async function refusalOf(
  text: string,
  storage: Storage = createInMemoryStorage(),
  options: ImportOptions = {},
): Promise<StorageError> {
  const before = await contents(storage);
  const error: unknown = await importDocument(storage, { text, name: 'api.yaml' }, options).then(
    () => new Error('the document was imported'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof StorageError)) throw error;
  const after = await contents(storage);
  if (JSON.stringify(before) !== JSON.stringify(after)) throw new Error('the store was changed');
  return error;
}

export async function contents(storage: Storage): Promise<unknown> {
  const entries: unknown[] = [];
  for await (const entry of storage.entries()) entries.push(entry);
  return { entries, stats: await storage.stats() };
}

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gati-storage-cli-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
