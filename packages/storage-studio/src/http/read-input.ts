import type { IncomingMessage } from 'node:http';
import { StorageError } from '@gati-framework/manifest-store';
import * as v from 'valibot';
import { invalidInput } from '../answers/invalid-input.js';
import { LIMITS } from '../api/index.js';
import { tooLarge } from './too-large.js';

/** What a request asks, by what its endpoint reads. */
export function checkInput<T>(schema: v.GenericSchema<unknown, T>, given: unknown): T {
  const result = v.safeParse(schema, given);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue) ?? 'request';
  throw new StorageError('INVALID_OPTIONS', `${path}: ${issue.message}.`, { path });
}

/** What stands behind the `?`, each name once. */
export function readQuery(parameters: URLSearchParams): Record<string, string> {
  const query = new Map<string, string>();
  for (const [name, value] of parameters) {
    if (query.has(name)) throw invalidInput(name, 'is there twice');
    query.set(name, value);
  }
  return Object.fromEntries(query);
}

/** The JSON of a body; it is read no further than a body may be long. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > LIMITS.request) throw tooLarge(LIMITS.request);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)));
  } catch (cause) {
    throw new StorageError('INVALID_OPTIONS', 'The body of the request must be JSON.', {
      path: 'body',
      cause,
    });
  }
}
