import { type ChangedHandler, type ImportOptions, importDocument } from '@gati-framework/api-import';
import { createInMemoryStorage } from '@gati-framework/manifest-store';
import { openApi } from './documents.js';

export type Schema = unknown;
export type Outcome = 'breaks' | 'unknown' | 'compatible' | 'unchanged';

/** One version of a document with one operation, `subject`. */
export interface Version {
  readonly openapi?: string;
  readonly path?: string;
  readonly operation?: Record<string, unknown>;
  readonly schemas?: Record<string, Schema>;
  readonly securitySchemes?: Record<string, unknown>;
}

export const string = (more: object = {}): object => ({ type: 'string', ...more });
export const ref = (name: string): object => ({ $ref: `#/components/schemas/${name}` });

export function object(properties: Record<string, Schema>, required?: string[], more: object = {}): object {
  return { type: 'object', properties, ...(required === undefined ? {} : { required }), ...more };
}

export function json(schema: Schema, mediaType = 'application/json'): object {
  return { description: 'a body', content: { [mediaType]: { schema } } };
}

/** The version whose request body is this. */
export function requesting(schema: Schema, more: Version = {}): Version {
  return { ...more, operation: { requestBody: { ...json(schema), required: true } } };
}

/** The version that answers with this. */
export function responding(schema: Schema, more: Version = {}): Version {
  return { ...more, operation: { responses: { 200: json(schema) } } };
}

/** What an import says of the operation when it is as `after`, having been as `before`. */
export async function change(
  before: Version,
  after: Version,
  options: ImportOptions = {},
): Promise<ChangedHandler | undefined> {
  const storage = createInMemoryStorage();
  await importDocument(storage, { text: textOf(before, '1.0.0') });
  const report = await importDocument(storage, { text: textOf(after, '2.0.0') }, options);
  const [changed] = report.changed;
  const node = (await storage.getVersionGraph('subject'))?.versions[1];
  if (node?.breaking !== changed?.breaking) throw new Error('the version graph says something else');
  return changed;
}

function textOf(version: Version, name: string): string {
  const {
    openapi = '3.1.0',
    path = '/subject',
    operation = {},
    schemas = {},
    securitySchemes = {},
  } = version;
  const responses = { 204: { description: 'done' } };
  return openApi({
    openapi,
    version: name,
    paths: { [path]: { post: { operationId: 'subject', responses, ...operation } } },
    components: { schemas, securitySchemes },
  });
}

export function outcomeOf(changed: ChangedHandler | undefined): Outcome {
  if (changed === undefined) return 'unchanged';
  return changed.verdict === 'breaking' ? 'breaks' : changed.verdict;
}

/** The differences as a report shows them. */
export function linesOf(changed: ChangedHandler | undefined): string[] {
  const marks = { breaking: '! ', unknown: '? ', compatible: '' };
  return (changed?.differences ?? []).map(({ where, what, verdict }) => `${marks[verdict]}${where} ${what}`);
}
